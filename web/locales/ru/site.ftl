# Рамка каждой страницы.
site-description = Планируйте силовые тренировки, записывайте каждый подход в зале и смотрите, как растёт сила.
site-footer = Setwise: дневник тренировок, который принадлежит вам.
language-choose = Язык
nav-main = Основное меню
nav-skip = Перейти к содержанию
nav-home = Главная
nav-exercises = Упражнения
nav-workout = Начать
nav-routines = Программы
nav-history = История
nav-profile = Профиль
nav-sign-in = Войти
nav-register = Создать аккаунт
save = Сохранить
more = Показать ещё
script-lost = Нет связи. Пока неизвестно, сохранилось ли: страница проверит, как только связь вернётся.
script-back = Связь вернулась. Теперь на странице то, что сохранено; введённое осталось в полях.
script-expired = Страница устарела, поэтому ничего не сохранено. Обновите её и отправьте снова.
script-failed = Не получилось. Ничего не сохранено; попробуйте ещё раз через минуту.

# Числа и единицы
unit-kg = кг
unit-lb = фунт.
unit-cm = см
count-sets = { $count ->
    [one] { $count } подход
    [few] { $count } подхода
   *[many] { $count } подходов
}
count-reps = { $count ->
    [one] { $count } повтор
    [few] { $count } повтора
   *[many] { $count } повторов
}
count-exercises = { $count ->
    [one] { $count } упражнение
    [few] { $count } упражнения
   *[many] { $count } упражнений
}
duration-hours = { $hours } ч { $minutes } мин
duration-minutes = { $minutes } мин
duration-seconds = { $seconds } с
distance-meters = { $meters } м
distance-kilometers = { $kilometers } км
date = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
} { $year }

# Один раз после действия.
notice-welcome = Добро пожаловать! Аккаунт готов, письмо уже в пути.
notice-signed-out = Вы вышли. До следующей тренировки!
notice-session-ended = Сеанс завершился, поэтому ничего не сохранено. Войдите, и вы вернётесь туда, где были.
notice-profile-saved = Профиль сохранён.
notice-avatar-saved = Новое фото сохранено.
notice-avatar-removed = Фото удалено.
notice-routine-saved = Программа сохранена.
notice-routine-archived = Программа в архиве. Она в списке «Архив программ».
notice-routine-deleted = Программа удалена.
notice-routine-copied = Вот ваша новая программа: поправьте её, как удобно.
notice-workout-discarded = Тренировка удалена.
notice-workout-saved = Сохранено.
notice-workout-finished = Тренировка уже завершена в другом месте, менять её больше нельзя.
notice-workout-gone = Тренировку удалили в другом месте, поэтому ничего не сохранено.
notice-generation-saved = Сохранено: следующая тренировка для вас будет этому следовать.
notice-exercise-gone = Упражнение убрали из тренировки в другом месте, поэтому ничего не сохранено.
notice-exercise-saved = Упражнение сохранено.
notice-exercise-deleted = Упражнение удалено.

# Когда что-то не так
problem-not-found = Такой страницы нет
problem-not-found-help = Возможно, её удалили, или в адресе опечатка.
problem-forgery = Форма устарела
problem-forgery-help = Возможно, вы вошли или вышли в другой вкладке. Вернитесь, обновите страницу и отправьте форму снова.
problem-request = Это не удалось прочитать
problem-request-help = Вернитесь, обновите страницу и попробуйте снова.
problem-too-large = Слишком много за один раз
problem-too-large-help = Вернитесь и отправьте файл поменьше или текст покороче.
problem-refused = Так не получится
problem-refused-help = Вернитесь и посмотрите, как обстоят дела сейчас.
problem-rate = Слишком быстро
problem-rate-help = За короткое время пришло слишком много запросов. Подождите минуту и попробуйте снова.
problem-down = Setwise переводит дух
problem-down-help = Часть сервиса сейчас не отвечает. Ничего не потеряно. Попробуйте через минуту.
problem-down-kept = Setwise сейчас не отвечает. Введённое осталось на месте: попробуйте через минуту.
problem-internal = Что-то сломалось у нас
problem-internal-help = Мы записали это. Попробуйте ещё раз; если не пройдёт, сообщите номер запроса тому, кто ведёт этот Setwise.
problem-request-id = Номер запроса: { $id }
problem-kept = Введённое сохранено и будет отправлено снова:
problem-again = Попробовать снова
problem-back = Назад
problem-home = На главную

# Рядом с полем
error-number = Введите число, например 62,5.
error-load = Введите больше 0 и не больше { $most }.
error-rack = Пишите каждый размер блинов как вес x число, например «20x4 10x2»: до 20 размеров, блины до 100, по 20 каждого.
error-weeks = Пишите неделю в строку, процент x повторения каждого подхода, например «65x5 75x5 85x5».
error-sent-before = Это уже было отправлено с другими значениями. Если вы хотите добавить новое, отправьте ещё раз.
error-whole-number = Введите целое число.
error-email = Введите адрес почты.
error-password = Введите пароль.
error-routine-name = Дайте программе название.
error-reps = Введите число повторов.
error-time = Введите время.
error-distance = Введите расстояние или время.
error-date = Введите дату.
error-rating = Выберите от одной до пяти звёзд.
error-no-picture = Сначала выберите фото.
error-picture-size = Фото больше 10 МБ.
error-picture-type = Выберите фото в формате JPEG, PNG или WebP.
error-picture-refused = Фото не удалось сохранить. Выберите его ещё раз.
