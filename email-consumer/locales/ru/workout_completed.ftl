workout-subject = Тренировка завершена: { $count ->
    [one] { $sets } подход
    [few] { $sets } подхода
   *[other] { $sets } подходов
} за { $duration }
workout-preview = Отчёт готов.
workout-heading = Тренировка завершена
workout-intro = Отличная работа! Вот что вы сделали:
workout-exercises = { $count ->
    [one] упражнение
    [few] упражнения
   *[other] упражнений
}
workout-sets = { $count ->
    [one] подход
    [few] подхода
   *[other] подходов
}
workout-reps = { $count ->
    [one] повторение
    [few] повторения
   *[other] повторений
}
workout-volume = объём
workout-duration = длительность
workout-weight = { $unit ->
    [lb] { $weight } фунтов
   *[kg] { $weight } кг
}
workout-action = Открыть отчёт

duration-hours = { $hours } ч { $minutes } мин
duration-minutes = { $minutes } мин
duration-seconds = { $seconds } с
