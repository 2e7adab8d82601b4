greeting = Hi { $name },
greeting-nameless = Hi,
footer-reason = You receive this mail because this address belongs to a Setwise account.
