# The frame of every page.
site-description = Plan your strength training, log every set in the gym and watch yourself get stronger.
site-footer = Setwise: training logs that belong to you.
language-choose = Language
nav-main = Main
nav-skip = Skip to the content
nav-home = Home
nav-exercises = Exercises
nav-workout = Train
nav-routines = Routines
nav-history = History
nav-profile = Profile
nav-sign-in = Sign in
nav-register = Create account
save = Save
more = Show more
script-lost = No connection. Whether it was saved is not known yet: this page looks as soon as the connection is back.
script-back = Connected again. This page now shows what is saved; what you typed is still in its fields.
script-expired = This page is out of date, so nothing was saved. Reload it and send it again.
script-failed = That did not work. Nothing was saved; try again in a moment.

# Numbers and units
unit-kg = kg
unit-lb = lb
unit-cm = cm
count-sets = { $count ->
    [one] { $count } set
   *[other] { $count } sets
}
count-reps = { $count ->
    [one] { $count } rep
   *[other] { $count } reps
}
count-exercises = { $count ->
    [one] { $count } exercise
   *[other] { $count } exercises
}
duration-hours = { $hours } h { $minutes } min
duration-minutes = { $minutes } min
duration-seconds = { $seconds } s
distance-meters = { $meters } m
distance-kilometers = { $kilometers } km
date = { $day } { $month ->
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

# Shown once after something has been done.
notice-welcome = Welcome! Your account is ready, and a mail is on its way to you.
notice-signed-out = You are signed out. See you at the next session.
notice-session-ended = Your session has ended, so nothing was saved. Sign in, and you come back to where you were.
notice-profile-saved = Profile saved.
notice-avatar-saved = New picture saved.
notice-avatar-removed = Picture removed.
notice-routine-saved = Routine saved.
notice-routine-archived = Routine archived. You find it under “Archived routines”.
notice-routine-deleted = Routine deleted.
notice-routine-copied = Here is your new routine: adjust it as you like.
notice-workout-discarded = Workout deleted.
notice-workout-saved = Saved.
notice-workout-finished = The workout is finished: it was ended elsewhere and takes no more changes.
notice-workout-gone = The workout was deleted elsewhere, so nothing was saved.
notice-generation-saved = Saved: the next workout made for you keeps to it.
notice-exercise-gone = The exercise was removed from the workout elsewhere, so nothing was saved.
notice-exercise-saved = Exercise saved.
notice-exercise-deleted = Exercise deleted.

# When something goes wrong
problem-not-found = This page is not here
problem-not-found-help = It may have been deleted, or the address has a typo.
problem-forgery = This form has expired
problem-forgery-help = You may have signed in or out in another tab. Go back, reload the page and send it again.
problem-request = That could not be read
problem-request-help = Go back, reload the page and try again.
problem-too-large = That is too much at once
problem-too-large-help = Go back and send a smaller file or a shorter text.
problem-refused = That is not possible
problem-refused-help = Go back to see how things stand now.
problem-rate = A bit too fast
problem-rate-help = Too many requests came in a short time. Wait a minute, then try again.
problem-down = Setwise is catching its breath
problem-down-help = A part of it does not answer right now. Nothing is lost. Try again in a moment.
problem-down-kept = Setwise does not answer right now. What you entered is still here: try again in a moment.
problem-internal = Something went wrong on our side
problem-internal-help = It has been noted. Try again; if it stays, tell whoever runs this Setwise the number of the request.
problem-request-id = Request number: { $id }
problem-kept = What you entered is kept and will be sent again:
problem-again = Try again
problem-back = Go back
problem-home = To the first page

# Beside a field
error-number = Enter a number, such as 62.5.
error-load = Enter more than 0 and at most { $most }.
error-rack = Write each size of plates as weight x number, such as “20x4 10x2”: up to 20 sizes, plates up to 100, 20 of each.
error-weeks = Write a line for each week, percent x repetitions of each set, such as “65x5 75x5 85x5”.
error-sent-before = This was sent before, with other values. If you mean something new, send it once more.
error-whole-number = Enter a whole number.
error-email = Enter your e-mail address.
error-password = Enter your password.
error-routine-name = Give the routine a name.
error-reps = Enter how many repetitions.
error-time = Enter a time.
error-distance = Enter a distance or a time.
error-date = Enter a date.
error-rating = Choose one to five stars.
error-no-picture = Choose a picture first.
error-picture-size = The picture is larger than 10 MB.
error-picture-type = Choose a JPEG, PNG or WebP picture.
error-picture-refused = The picture could not be stored. Choose it again.
