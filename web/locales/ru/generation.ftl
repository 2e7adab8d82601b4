# Чему следуют тренировки, которые составляются автоматически
generation-title = Тренировки для вас
generation-lead = Этому следует каждая тренировка, которую мы составляем для вас. Пожелания к отдельной тренировке это дополняют.
generation-change = Цель, дни, инвентарь, травмы…
generation-left = { $left ->
    [0] Все тренировки на сегодня ({ $day }) составлены: новые — завтра.
   *[other] Осталось на сегодня: { $left } из { $day }.
}
field-goal = Цель
goal-muscle-gain = Больше мышц
goal-strength = Больше силы
goal-weight-loss = Меньше веса
goal-endurance = Больше выносливости
goal-flexibility = Больше подвижности
field-level = Опыт
level-beginner = Новичок: меньше полугода
level-intermediate = Средний: до двух лет
level-advanced = Опытный: дольше
field-days = Дней в неделю
field-session-minutes = Минут на тренировку
field-plan = План
plan-full-body = Каждый раз всё тело
plan-upper-lower = Верх тела, низ тела
plan-push-pull-legs = Жим, тяга, ноги
plan-split = Сплит по группам мышц
field-variety = Разнообразие
variety-little = В основном те же упражнения
variety-some = Понемногу
variety-much = По возможности новые упражнения
field-injuries = Травмы и что поберечь
injuries-hint = Например: «левое колено, поясница». Упражнения, которые это нагружают, не предлагаются.
field-equipment = Что есть под рукой
equipment-hint = Если ничего не отмечено — есть всё. Упражнения с весом тела подходят всегда.
field-priority = Мышцы, которым больше внимания
priority-hint = Лучше немного: если отмечено всё, не выделено ничего.
field-other-goals = Другие цели
other-goals-hint = Каждая с новой строки.
field-base-prompt = Что всегда учитывать
base-prompt-hint = Например: «по понедельникам без штанги, люблю подтягивания».
