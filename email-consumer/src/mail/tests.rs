use chrono::DateTime;
use insta::assert_snapshot;
use mail_parser::MessageParser;
use uuid::Uuid;

use super::*;

fn composer() -> Composer {
    Composer {
        from: "Setwise <no-reply@setwise.example>".parse().unwrap(),
        public_url: "https://setwise.example".parse().unwrap(),
    }
}

fn welcome(email: &str, name: &str, language: &str) -> EmailMessage {
    EmailMessage::Welcome {
        email: email.into(),
        name: name.into(),
        language: language.into(),
    }
}

fn workout(language: &str, weight_unit: &str) -> EmailMessage {
    EmailMessage::WorkoutCompleted {
        email: "ann@example.com".into(),
        name: "Ann".into(),
        language: language.into(),
        workout_id: Uuid::from_u128(7),
        finished_at: DateTime::UNIX_EPOCH,
        duration_seconds: 3725,
        exercises: 5,
        sets: 21,
        reps: 1,
        volume: 12_345.67,
        weight_unit: weight_unit.into(),
        url: None,
    }
}

fn plain(message: &EmailMessage) -> String {
    let composer = composer();
    let (name, text) = addressee(message);
    let letter = composer.letter(message, text);
    let plain = layout::plain(&letter, &name, text, &composer.public_url);
    // The signature mark ends with a space, which editors like to trim.
    format!("{}\n\n{}", letter.subject, plain.replace("-- \n", "--\n"))
}

fn raw(message: &EmailMessage) -> String {
    let mail = composer().compose(message, "some-id").unwrap();
    String::from_utf8(mail.formatted()).unwrap()
}

#[test]
fn a_welcome_in_english() {
    assert_snapshot!(plain(&welcome("ann@example.com", "Ann", "en")), @"
    Welcome to Setwise

    Hi Ann,

    Your account is ready. Three steps to your first workout:

    1. Build a routine from the exercise catalogue.
    2. Start a workout from it and log your sets as you go.
    3. Finish, and see your sets, repetitions and volume.

    Open Setwise: https://setwise.example/

    You did not register? Then somebody mistyped their address, and you can ignore this mail.

    --
    You receive this mail because this address belongs to a Setwise account.
    https://setwise.example/
    ");
}

#[test]
fn a_welcome_in_russian_to_somebody_without_a_name() {
    assert_snapshot!(plain(&welcome("ann@example.com", "", "ru")), @"
    Добро пожаловать в Setwise

    Здравствуйте!

    Ваш аккаунт готов. Три шага до первой тренировки:

    1. Составьте программу из каталога упражнений.
    2. Начните по ней тренировку и записывайте подходы по ходу дела.
    3. Завершите тренировку и посмотрите подходы, повторения и объём.

    Открыть Setwise: https://setwise.example/

    Вы не регистрировались? Значит, кто-то ошибся адресом, и это письмо можно не читать.

    --
    Вы получили это письмо, потому что этот адрес указан в аккаунте Setwise.
    https://setwise.example/
    ");
}

#[test]
fn a_finished_workout_in_pounds() {
    assert_snapshot!(plain(&workout("en", "lb")), @"
    Workout finished: 21 sets in 1 h 2 min

    Hi Ann,

    Well done! This is what you did:

    - 21 sets
    - 5 exercises
    - 1 repetition
    - volume: 12,345.7 lb
    - duration: 1 h 2 min

    See the report: https://setwise.example/workouts/00000000-0000-0000-0000-000000000007

    --
    You receive this mail because this address belongs to a Setwise account.
    https://setwise.example/
    ");
}

#[test]
fn a_finished_workout_in_russian() {
    assert_snapshot!(plain(&workout("ru", "kg")), @"
    Тренировка завершена: 21 подход за 1 ч 2 мин

    Ann, здравствуйте!

    Отличная работа! Вот что вы сделали:

    - 21 подход
    - 5 упражнений
    - 1 повторение
    - объём: 12 345,7 кг
    - длительность: 1 ч 2 мин

    Открыть отчёт: https://setwise.example/workouts/00000000-0000-0000-0000-000000000007

    --
    Вы получили это письмо, потому что этот адрес указан в аккаунте Setwise.
    https://setwise.example/
    ");
}

#[test]
fn a_name_adds_no_headers() {
    let name = "Ann\r\nBcc eve\r\n\r\nbody";
    let raw = raw(&welcome("ann@example.com", name, "en"));
    let mail = MessageParser::default().parse(&raw).unwrap();
    assert!(mail.bcc().is_none(), "{raw}");
    let to = mail.to().unwrap().first().unwrap();
    assert_eq!(to.name(), Some("Ann Bcc eve body"));
    assert_eq!(to.address(), Some("ann@example.com"));
}

#[test]
fn a_name_that_reads_as_a_link_is_left_out() {
    for name in [
        "Win at evil.example",
        "https://evil",
        "eve@evil",
        "Ann\nBcc: eve",
        "a.b.рф",
    ] {
        assert_eq!(greeted(name), "", "{name}");
    }
    for name in [
        "Ann",
        "J.R.R. Smith",
        "St. John",
        "O'Neill-Smith Jr.",
        "Анна\tА.",
    ] {
        assert_eq!(greeted(name), name.replace('\t', " "));
    }
}

#[test]
fn a_name_is_text_in_html() {
    let raw = raw(&welcome("ann@example.com", "<b>Ann", "en"));
    let mail = MessageParser::default().parse(&raw).unwrap();
    let html = mail.body_html(0).unwrap();
    assert!(html.contains("Hi &lt;b&gt;Ann,"), "{html}");
}

#[test]
fn an_address_that_cannot_be_is_refused() {
    for address in [
        "",
        "ann",
        "ann@",
        "a b@c.d",
        "ann@example.com\r\nBcc: eve@example.com",
    ] {
        let composed = composer().compose(&welcome(address, "Ann", "en"), "some-id");
        assert!(
            matches!(composed, Err(ComposeError::Address(_))),
            "{address}"
        );
    }
}

#[test]
fn the_same_event_has_the_same_message_id() {
    let raw = raw(&welcome("ann@example.com", "Ann", "en"));
    assert!(
        raw.contains("Message-ID: <some-id@setwise.example>\r\n"),
        "{raw}"
    );
}
