# What workouts that are made for someone keep to
generation-title = Workouts made for you
generation-lead = Every workout that is made for you keeps to this. What you write for one workout adds to it.
generation-change = Goal, days, equipment, injuries…
generation-left = { $left ->
    [0] All { $day } of today are made: more tomorrow.
   *[other] { $left } of { $day } left today.
}
field-goal = Goal
goal-muscle-gain = More muscle
goal-strength = More strength
goal-weight-loss = Less weight
goal-endurance = More endurance
goal-flexibility = More mobility
field-level = Experience
level-beginner = Beginner: under half a year
level-intermediate = Intermediate: up to two years
level-advanced = Advanced: longer
field-days = Days a week
field-session-minutes = Minutes a workout
field-plan = Plan
plan-full-body = Whole body each time
plan-upper-lower = Upper body, lower body
plan-push-pull-legs = Push, pull, legs
plan-split = Split by muscle groups
field-variety = Variety
variety-little = Mostly the same exercises
variety-some = A mix
variety-much = New exercises if possible
field-injuries = Injuries and what to spare
injuries-hint = For example: “left knee, lower back”. Exercises that load it are left out.
field-equipment = What you have at hand
equipment-hint = Nothing ticked: everything. Exercises with your own body always count.
field-priority = Muscles that get more
priority-hint = A few at most: more for all is more for none.
field-other-goals = Other goals
other-goals-hint = One on each line.
field-base-prompt = Always keep in mind
base-prompt-hint = For example: “no barbells on Mondays, I like pull-ups”.
