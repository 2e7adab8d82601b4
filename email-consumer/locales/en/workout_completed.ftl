workout-subject = Workout finished: { $count ->
    [one] { $sets } set
   *[other] { $sets } sets
} in { $duration }
workout-preview = Your report is ready.
workout-heading = Workout finished
workout-intro = Well done! This is what you did:
workout-exercises = { $count ->
    [one] exercise
   *[other] exercises
}
workout-sets = { $count ->
    [one] set
   *[other] sets
}
workout-reps = { $count ->
    [one] repetition
   *[other] repetitions
}
workout-volume = volume
workout-duration = duration
workout-weight = { $unit ->
    [lb] { $weight } lb
   *[kg] { $weight } kg
}
workout-action = See the report

duration-hours = { $hours } h { $minutes } min
duration-minutes = { $minutes } min
duration-seconds = { $seconds } s
