# Progress, records and body measurements.
progress-title = Progress
progress-all = Progress, streak and calendar
progress-streak = Weeks in a row
progress-longest = Longest streak
progress-weeks-count = { $count ->
    [one] { $count } week
   *[other] { $count } weeks
}
progress-keep = Train once this week to keep the streak.
progress-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
progress-months = Months
progress-earlier = Earlier
progress-later = Later
weekday = { $day ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
}
day = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $year }
count-workouts = { $count ->
    [one] { $count } workout
   *[other] { $count } workouts
}
progress-sets-a-week = Sets a week
progress-week-of = Week of
progress-workouts = Workouts
progress-muscles = Sets by muscle group
progress-this-week = This week
progress-before = Mean of four weeks before
progress-muscles-hint = A set counts 1 for the muscles that do most of the work, and 0.5 for those that help. Warm-up sets do not count.
progress-nothing = No sets in the last weeks.
progress-date = Date
chart-as-table = As a table
records-title = Your records
records-hint = The one-repetition maximum is estimated from sets of 1 to 10 repetitions. Warm-up sets make no records.
record-heaviest = Heaviest weight
record-epley = Estimated 1RM (Epley)
record-brzycki = Estimated 1RM (Brzycki)
record-most-reps = Most repetitions at a weight
record-volume = Volume of a workout
record-broken = Record
measurements-title = Body measurements
measurements-kinds = What is measured
measurements-none = Nothing measured yet.
measure-value = Value
measure-date = Day
measure-date-hint = Today when left empty.
measure-delete = Delete measurement
measure-weight = Body weight
measure-fat = Body fat
measure-neck = Neck
measure-shoulders = Shoulders
measure-chest = Chest
measure-waist = Waist
measure-hips = Hips
measure-left-upper-arm = Left upper arm
measure-right-upper-arm = Right upper arm
measure-left-forearm = Left forearm
measure-right-forearm = Right forearm
measure-left-thigh = Left thigh
measure-right-thigh = Right thigh
measure-left-calf = Left calf
measure-right-calf = Right calf
unit-in = in
unit-percent = %
notice-measurement-saved = Measurement saved.
notice-measurement-deleted = Measurement deleted.
