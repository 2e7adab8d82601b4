greeting = { $name }, здравствуйте!
greeting-nameless = Здравствуйте!
footer-reason = Вы получили это письмо, потому что этот адрес указан в аккаунте Setwise.
