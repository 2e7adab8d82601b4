# Exercises
exercises-title = Exercises
exercises-search = Search exercises
exercises-find = Search
exercises-muscle = Muscle group
exercises-any-muscle = All muscles
exercises-equipment = Equipment
exercises-any-equipment = All equipment
exercises-none = Nothing found. Try fewer letters or another filter.
exercise-video = Watch a video
exercise-history = Your history
exercise-no-history = You have not logged this exercise yet.
exercise-alternatives = Alternatives
picker-title = Choose an exercise
picker-add = Add
measurement-reps-weight = Weight and reps
measurement-bodyweight-reps = Reps
measurement-time = Time
measurement-distance = Distance
equipment-barbell = Barbell
equipment-dumbbell = Dumbbell
equipment-kettlebell = Kettlebell
equipment-machine = Machine
equipment-cable = Cable
equipment-bodyweight = Bodyweight
equipment-band = Band
equipment-plate = Plate
equipment-smith-machine = Smith machine
equipment-trap-bar = Trap bar
equipment-ez-bar = EZ bar
equipment-medicine-ball = Medicine ball
equipment-cardio-machine = Cardio machine
equipment-other = Other

# Routines
routines-title = Routines
routines-create = Create routine
routines-none = No routines yet. Name your first one above: “Push day”, “Full body A”…
routines-none-archived = Nothing is archived.
routines-archived = Archived routines
routines-current = Back to the routines in use
routine-duplicate = Duplicate
routine-archive = Archive
routine-unarchive = Take out of the archive
routine-share = Share
routine-share-text = Whoever has the link can see and copy this routine, without your own exercises and your training maximum. You can take it back at any time.
routine-share-button = Make a link
routine-shared = Whoever has this link can see and copy this routine:
routine-unshare = Take the link back
shared-text = Somebody shares this routine with you.
shared-copy = Copy to my routines
shared-hidden = { $count ->
    [one] { $count } exercise is the author’s own and not shown.
   *[other] { $count } exercises are the author’s own and not shown.
}
plan-options = Superset, notes, progression
field-superset = Superset number
field-superset-hint = Exercises with the same number are done in turn.
field-progression = Progression
progression-none = none: as planned each time
progression-double = double: repetitions, then weight
progression-linear = linear: more weight each time
progression-rpe = by effort (RPE)
progression-waves = percentage waves
field-step = Step
field-min-reps = From reps
field-max-reps = To reps
field-target-rpe = Target RPE
field-training-max = Training maximum
field-weeks = Weeks of waves
field-weeks-hint = A line for each week, percent x repetitions of each set: 65x5 75x5 85x5
set-plan-more = Kind, range, percent, effort, rest
field-up-to-reps = Up to reps
field-percent = Of the training maximum
field-rest = Rest after it
routine-empty = No exercises yet. Add the first one from the catalogue.
routine-add-exercise = Add exercise
routine-rename = Name and description
routine-drag = Drag to move
routine-up = Move up
routine-down = Move down
routine-remove = Remove
routine-delete = Delete routine
routine-delete-sure = The routine goes for good. Workouts you did with it stay.
field-routine-name = Name of the routine
field-description = Description

# Sets
set-number = Set { $number }
set-add = Add set
set-log = Log set
set-edit = Change
set-remove = Delete set
sets-planned = Plan
sets-last = Last
sets-done = Now
field-reps = Repetitions
field-reps-short = reps
field-weight = Weight
field-added-weight = Added weight
field-minutes = Minutes
field-minutes-short = min
field-seconds = Seconds
field-seconds-short = s
field-distance = Distance in metres
field-distance-short = m

field-set-kind = Kind of set
field-rpe = Effort (RPE)
rpe-choice = { $rpe }: { $reserve } left in reserve
set-more = Kind and effort
set-kind-normal = normal
set-kind-warm-up = warm-up
set-kind-drop = drop set
set-kind-to-failure = to failure
set-kind-timed = timed
superset = Superset { $group }

# Starting a workout
workout-title = Workout
workout-start = Start
start-title = Start a workout
start-from-routine = From a routine
start-no-routines = No routines yet.
start-complete-first = Finish that one and start anew
start-empty = Empty
start-empty-text = Add exercises as you go.
start-empty-button = Start empty
start-generate = Made for you
start-generate-text = Built from the catalogue, your settings and your history.
start-generate-hint = For example: “upper body, 40 minutes, easy on the shoulders”.
start-generate-button = Make me a workout
field-prompt = What do you feel like?
generation-running = Choosing your exercises…
generation-look = Look again
generation-failed = The exercises could not be chosen.
generation-why = Why these exercises

# The live workout
live-finish = Finish
live-empty = No exercises yet. Add the first one and go.
live-add-exercise = Add exercise
live-options = Notes, effort, unit
live-remove-exercise = Remove exercise
field-notes = Notes
field-effort = Effort
field-effort-hint = 0: like nothing, 10: nothing left.
field-effort-none = not rated
field-effort-short = Effort
total-sets = Sets
total-reps = Reps
total-volume = Volume
total-time = Time
total-duration = Duration
total-timed = Timed work
timer-rest = Rest
timer-over = Next set!
timer-shorter = 15 seconds less
timer-longer = 15 seconds more
timer-skip = Skip
finish-title = All done?
finish-text = Once finished, sets cannot be changed any more.
finish-button = Finish workout
discard-workout = Discard workout
discard-sure = The workout and everything logged in it goes for good.

# Reports and history
report-done = Workout finished
report-rating = Rating
report-rate = How was it?
report-stars = { $count ->
    [one] { $count } star of 5
   *[other] { $count } stars of 5
}
report-exercises = What you did
report-no-sets = No sets logged.
report-nothing = Nothing was logged in this workout.
report-again = Do it again
report-reopen = Go on with it
report-to-routine = Save as routine
report-delete = Delete workout
report-delete-sure = The workout and everything logged in it goes for good.
field-comment = Comment
history-title = History
history-none = No workouts yet. The best time to start is today.
history-in-progress = in progress
