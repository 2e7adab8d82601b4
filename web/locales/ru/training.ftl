# Упражнения
exercises-title = Упражнения
exercises-search = Найти упражнение
exercises-find = Найти
exercises-muscle = Группа мышц
exercises-any-muscle = Все мышцы
exercises-equipment = Снаряд
exercises-any-equipment = Любой снаряд
exercises-none = Ничего не нашлось. Введите меньше букв или смените фильтр.
exercise-video = Посмотреть видео
exercise-history = Ваша история
exercise-no-history = Вы ещё не записывали это упражнение.
exercise-alternatives = Чем заменить
picker-title = Выберите упражнение
picker-add = Добавить
measurement-reps-weight = Вес и повторы
measurement-bodyweight-reps = Повторы
measurement-time = Время
measurement-distance = Расстояние
equipment-barbell = Штанга
equipment-dumbbell = Гантели
equipment-kettlebell = Гиря
equipment-machine = Тренажёр
equipment-cable = Блок
equipment-bodyweight = Свой вес
equipment-band = Резина
equipment-plate = Блин
equipment-smith-machine = Машина Смита
equipment-trap-bar = Трэп-гриф
equipment-ez-bar = EZ-гриф
equipment-medicine-ball = Медбол
equipment-cardio-machine = Кардиотренажёр
equipment-other = Другое

# Программы
routines-title = Программы
routines-create = Создать программу
routines-none = Программ пока нет. Назовите первую: «Жимовой день», «Всё тело А»…
routines-none-archived = В архиве пусто.
routines-archived = Архив программ
routines-current = К действующим программам
routine-duplicate = Сделать копию
routine-archive = В архив
routine-unarchive = Вернуть из архива
routine-share = Поделиться
routine-share-text = По ссылке программу можно посмотреть и скопировать, без ваших собственных упражнений и тренировочного максимума. Ссылку можно отозвать в любой момент.
routine-share-button = Создать ссылку
routine-shared = По этой ссылке программу можно посмотреть и скопировать:
routine-unshare = Отозвать ссылку
shared-text = С вами поделились этой программой.
shared-copy = Скопировать к себе
shared-hidden = { $count ->
    [one] { $count } упражнение принадлежит автору и не показано.
    [few] { $count } упражнения принадлежат автору и не показаны.
   *[other] { $count } упражнений принадлежат автору и не показаны.
}
plan-options = Суперсет, заметки, прогрессия
field-superset = Номер суперсета
field-superset-hint = Упражнения с одним номером выполняются по очереди.
field-progression = Прогрессия
progression-none = нет: каждый раз по плану
progression-double = двойная: повторения, затем вес
progression-linear = линейная: каждый раз больше
progression-rpe = по усилию (RPE)
progression-waves = волны процентов
field-step = Шаг
field-min-reps = Повторений от
field-max-reps = Повторений до
field-target-rpe = Целевой RPE
field-training-max = Тренировочный максимум
field-weeks = Недели волн
field-weeks-hint = Неделя в строке, процент x повторения каждого подхода: 65x5 75x5 85x5
set-plan-more = Вид, диапазон, процент, усилие, отдых
field-up-to-reps = Повторений до
field-percent = От тренировочного максимума
field-rest = Отдых после
routine-empty = Упражнений пока нет. Добавьте первое из каталога.
routine-add-exercise = Добавить упражнение
routine-rename = Название и описание
routine-drag = Перетащите, чтобы переместить
routine-up = Выше
routine-down = Ниже
routine-remove = Убрать
routine-delete = Удалить программу
routine-delete-sure = Программа исчезнет насовсем. Тренировки по ней останутся.
field-routine-name = Название программы
field-description = Описание

# Подходы
set-number = Подход { $number }
set-add = Добавить
set-log = Записать
set-edit = Изменить
set-remove = Удалить подход
sets-planned = План
sets-last = Было
sets-done = Сейчас
field-reps = Повторы
field-reps-short = повт.
field-weight = Вес
field-added-weight = Дополнительный вес
field-minutes = Минуты
field-minutes-short = мин
field-seconds = Секунды
field-seconds-short = с
field-distance = Расстояние в метрах
field-distance-short = м

# Начало тренировки
workout-title = Тренировка
workout-start = Начать
field-set-kind = Вид подхода
field-rpe = Усилие (RPE)
rpe-choice = { $rpe }: запас { $reserve }
set-more = Вид и усилие
set-kind-normal = обычный
set-kind-warm-up = разминочный
set-kind-drop = дроп-сет
set-kind-to-failure = до отказа
set-kind-timed = на время
superset = Суперсет { $group }

start-title = Начать тренировку
start-from-routine = По программе
start-no-routines = Программ пока нет.
start-complete-first = Завершить её и начать новую
start-empty = Пустая
start-empty-text = Добавляйте упражнения по ходу.
start-empty-button = Начать пустую
start-generate = Собрать для вас
start-generate-text = Из каталога, по вашим настройкам и истории.
start-generate-hint = Например: «верх тела, 40 минут, поберечь плечи».
start-generate-button = Собрать тренировку
field-prompt = Чего хочется?
generation-running = Подбираем упражнения…
generation-look = Посмотреть снова
generation-failed = Подобрать упражнения не удалось.
generation-why = Почему эти упражнения

# Тренировка
live-finish = Закончить
live-empty = Упражнений пока нет. Добавьте первое — и вперёд.
live-add-exercise = Добавить упражнение
live-options = Заметки, усилие, единица
live-remove-exercise = Убрать упражнение
field-notes = Заметки
field-effort = Усилие
field-effort-hint = 0 — совсем легко, 10 — на пределе.
field-effort-none = без оценки
field-effort-short = Усилие
total-sets = Подходы
total-reps = Повторы
total-volume = Тоннаж
total-time = Время
total-duration = Длительность
total-timed = Работа на время
timer-rest = Отдых
timer-over = Следующий подход!
timer-shorter = На 15 секунд меньше
timer-longer = На 15 секунд больше
timer-skip = Хватит
finish-title = Всё сделано?
finish-text = После завершения подходы изменить нельзя.
finish-button = Закончить тренировку
discard-workout = Удалить тренировку
discard-sure = Тренировка и всё записанное в ней исчезнет насовсем.

# Отчёты и история
report-done = Тренировка завершена
report-rating = Оценка
report-rate = Как прошло?
report-stars = { $count ->
    [one] { $count } звезда из 5
    [few] { $count } звезды из 5
   *[many] { $count } звёзд из 5
}
report-exercises = Что сделано
report-no-sets = Подходы не записаны.
report-nothing = В этой тренировке ничего не записано.
report-reopen = Продолжить её
report-again = Повторить
report-to-routine = Сохранить как программу
report-delete = Удалить тренировку
report-delete-sure = Тренировка и всё записанное в ней исчезнет насовсем.
field-comment = Комментарий
history-title = История
history-none = Тренировок пока нет. Лучшее время начать — сегодня.
history-in-progress = идёт
