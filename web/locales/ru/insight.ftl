# Прогресс, рекорды и замеры тела.
progress-title = Прогресс
progress-all = Прогресс, серия и календарь
progress-streak = Недель подряд
progress-longest = Самая длинная серия
progress-weeks-count = { $count ->
    [one] { $count } неделя
    [few] { $count } недели
   *[many] { $count } недель
}
progress-keep = Одна тренировка на этой неделе, и серия продолжится.
progress-month = { $month ->
    [1] Январь
    [2] Февраль
    [3] Март
    [4] Апрель
    [5] Май
    [6] Июнь
    [7] Июль
    [8] Август
    [9] Сентябрь
    [10] Октябрь
    [11] Ноябрь
   *[12] Декабрь
} { $year }
progress-months = Месяцы
progress-earlier = Раньше
progress-later = Позже
weekday = { $day ->
    [1] Пн
    [2] Вт
    [3] Ср
    [4] Чт
    [5] Пт
    [6] Сб
   *[7] Вс
}
day = { $day } { $month ->
    [1] янв.
    [2] февр.
    [3] мар.
    [4] апр.
    [5] мая
    [6] июн.
    [7] июл.
    [8] авг.
    [9] сент.
    [10] окт.
    [11] нояб.
   *[12] дек.
} { $year }
count-workouts = { $count ->
    [one] { $count } тренировка
    [few] { $count } тренировки
   *[many] { $count } тренировок
}
progress-sets-a-week = Подходы за неделю
progress-week-of = Неделя с
progress-workouts = Тренировки
progress-muscles = Подходы по группам мышц
progress-this-week = Эта неделя
progress-before = В среднем за четыре недели до неё
progress-muscles-hint = Подход считается за 1 для мышц, которые делают основную работу, и за 0,5 для тех, что помогают. Разминочные подходы не считаются.
progress-nothing = За последние недели подходов нет.
progress-date = Дата
chart-as-table = В виде таблицы
records-title = Ваши рекорды
records-hint = Разовый максимум оценивается по подходам от 1 до 10 повторов. Разминочные подходы рекордов не ставят.
record-heaviest = Самый большой вес
record-epley = Оценка 1ПМ (Эпли)
record-brzycki = Оценка 1ПМ (Бжицки)
record-most-reps = Больше всего повторов с весом
record-volume = Тоннаж за тренировку
record-broken = Рекорд
measurements-title = Замеры тела
measurements-kinds = Что измерено
measurements-none = Замеров пока нет.
measure-value = Значение
measure-date = День
measure-date-hint = Если не указать — сегодня.
measure-delete = Удалить замер
measure-weight = Вес тела
measure-fat = Доля жира
measure-neck = Шея
measure-shoulders = Плечи
measure-chest = Грудь
measure-waist = Талия
measure-hips = Бёдра
measure-left-upper-arm = Левое плечо (рука)
measure-right-upper-arm = Правое плечо (рука)
measure-left-forearm = Левое предплечье
measure-right-forearm = Правое предплечье
measure-left-thigh = Левое бедро
measure-right-thigh = Правое бедро
measure-left-calf = Левая икра
measure-right-calf = Правая икра
unit-in = дюйм
unit-percent = %
notice-measurement-saved = Замер сохранён.
notice-measurement-deleted = Замер удалён.
