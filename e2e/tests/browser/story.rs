//! Registering, a routine from the catalogue, a workout, its report, and two mails.

use setwise_e2e::{MAIL_DEADLINE, Stack};
use setwise_testkit::eventually;
use uuid::Uuid;

use crate::{
    browser::{Browser, Look},
    with_stack,
};

const PASSWORD: &str = "correct horse battery staple";

/// What the pages say in the language of the test.
struct Words {
    squat: &'static str,
    plank: &'static str,
    welcome: &'static str,
    finished: &'static str,
    weight: &'static str,
}

const ENGLISH: Words = Words {
    squat: "Back squat",
    plank: "Plank",
    welcome: "Welcome to Setwise",
    finished: "Workout finished",
    weight: "62.5",
};

const RUSSIAN: Words = Words {
    squat: "Приседания со штангой",
    plank: "Планка",
    welcome: "Добро пожаловать",
    finished: "Тренировка завершена",
    weight: "62,5",
};

pub const SMALL_PHONE: Look = Look {
    name: "phone",
    width: 360,
    height: 740,
    scripts: true,
    language: "en",
    dark: false,
};

const WITHOUT_SCRIPTS: Look = Look {
    name: "without-scripts",
    scripts: false,
    language: "ru",
    dark: true,
    ..SMALL_PHONE
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_trains_on_a_small_phone_with_scripts_and_without() {
    with_stack(async |stack| {
        play(stack, SMALL_PHONE, &ENGLISH).await;
        play(stack, WITHOUT_SCRIPTS, &RUSSIAN).await;
    })
    .await;
}

async fn play(stack: &Stack, look: Look, words: &Words) {
    let site = stack.running.web_url.as_str().trim_end_matches('/');
    Browser::run(site, look, async |browser| {
        let email = format!("{}@example.org", Uuid::now_v7().simple());
        register(browser, &email).await;
        read_mail(browser, stack, &email, words.welcome).await;
        build_routine(browser, words).await;
        train(browser, words).await;
        read_report(browser, words).await;
        read_mail(browser, stack, &email, words.finished).await;
        look_back(browser).await;
        settle_profile(browser, words).await;
        leave_and_return(browser, &email).await;
        assert_eq!(browser.complaints().await, Vec::<String>::new());
    })
    .await;
}

async fn register(browser: &Browser, email: &str) {
    browser.open_page("/").await;
    browser.picture("landing").await;
    browser.click("main a[href='/register']").await;
    browser.fill("#register-first_name", "Anna").await;
    browser.fill("#register-email", "not an address").await;
    browser.fill("#register-password", PASSWORD).await;
    browser.click("#register button[type=submit]").await;
    browser.find("#register-email-error").await;
    browser.picture("register-refused").await;
    browser.holds("#register-first_name", "Anna").await;
    browser.holds("#register-email", "not an address").await;

    browser.fill("#register-email", email).await;
    browser.fill("#register-password", PASSWORD).await;
    browser.click("#register button[type=submit]").await;
    browser.shows("h1", "Anna").await;
    browser.find("main .notice").await;
    browser.picture("home-new").await;
}

async fn read_mail(browser: &Browser, stack: &Stack, email: &str, subject: &str) {
    stack.mail(email, subject).await;
    let mailbox = stack.running.mailbox_url.as_ref().unwrap();
    browser.open_page(mailbox.as_str()).await;
    browser.shows("body", email).await;
    browser.shows("body", subject).await;
}

async fn build_routine(browser: &Browser, words: &Words) {
    browser.open_page("/routines").await;
    browser.fill("#create-routine-name", "Legs & core").await;
    browser.click("#create-routine button").await;
    browser.arrives_at("/routines/*").await;
    choose_exercise(browser, words.squat).await;
    plan_set(browser, 1, &[("weight", "60"), ("reps", "5")]).await;
    plan_set(browser, 2, &[("weight", words.weight), ("reps", "5")]).await;
    choose_exercise(browser, words.plank).await;
    let plank = ".instances > li:nth-child(2)";
    browser.shows(&format!("{plank} h2"), words.plank).await;
    browser.click(&format!("{plank} [value=up]")).await;
    browser
        .shows(".instances > li:first-child h2", words.plank)
        .await;
    browser
        .click(".instances > li:first-child [value=down]")
        .await;
    browser
        .shows(".instances > li:first-child h2", words.squat)
        .await;
    browser.picture("routine").await;
}

/// To the catalogue and back with an exercise.
async fn choose_exercise(browser: &Browser, name: &str) {
    browser.click("#add-exercise").await;
    browser.fill("#search-q", name).await;
    if !browser.look.scripts {
        // With scripts the page answers by itself.
        browser.click("#exercise-search button").await;
    }
    browser.lists_only("#results-list .row-title", name).await;
    browser.picture("picker").await;
    browser.click_beside("#results-list > li", name).await;
    browser.find("#add-exercise").await;
}

async fn plan_set(browser: &Browser, number: usize, values: &[(&str, &str)]) {
    let form = ".instances > li:first-child .set-form.add";
    for (name, value) in values {
        browser.fill(&format!("{form} [name={name}]"), value).await;
    }
    browser.click(&format!("{form} button")).await;
    browser
        .find(&format!(
            ".instances > li:first-child .set-line:nth-child({number})"
        ))
        .await;
}

async fn train(browser: &Browser, words: &Words) {
    browser.click("#start-workout button").await;
    browser.arrives_at("/workouts/*").await;
    let squat = ".log-card:nth-of-type(1)";
    let next = format!("{squat} .is-next");
    browser.shows(&format!("{squat} h2"), words.squat).await;
    browser.holds(&format!("{next} [name=reps]"), "5").await;
    browser.holds(&format!("{next} [name=weight]"), "60").await;

    // As planned: one tap.
    browser.click(&format!("{next} .log-button")).await;
    browser
        .find(&format!("{squat} .is-done:nth-child(1)"))
        .await;
    if browser.look.scripts {
        browser.find("#rest-timer:not([hidden])").await;
    }
    browser.picture("workout").await;

    // A slip of the finger is named beside the field, and kept.
    browser.fill(&format!("{next} [name=reps]"), "four").await;
    browser.click(&format!("{next} .log-button")).await;
    browser.find(&format!("{next} .field-error")).await;
    browser.holds(&format!("{next} [name=reps]"), "four").await;
    browser.picture("set-refused").await;
    browser.fill(&format!("{next} [name=reps]"), "4").await;
    browser.click(&format!("{next} .log-button")).await;
    browser
        .shows(
            &format!("{squat} .is-done:nth-child(2) strong"),
            words.weight,
        )
        .await;

    // The second set were five after all.
    let second = format!("{squat} .is-done:nth-child(2)");
    browser.click(&format!("{second} summary")).await;
    browser.fill(&format!("{second} [name=reps]"), "5").await;
    browser.click(&format!("{second} form button")).await;
    browser.shows(&format!("{second} strong"), "× 5").await;

    let plank = ".log-card:nth-of-type(2)";
    browser
        .fill(&format!("{plank} .is-next [name=minutes]"), "1")
        .await;
    browser
        .fill(&format!("{plank} .is-next [name=seconds]"), "30")
        .await;
    browser.click(&format!("{plank} .log-button")).await;
    browser
        .shows(&format!("{plank} .is-done strong"), "1:30")
        .await;
    browser
        .click(&format!("{plank} .log-options > summary"))
        .await;
    browser
        .fill(&format!("{plank} [name=notes]"), "Straight back")
        .await;
    let effort = browser.find(&format!("{plank} [name=power_rating]")).await;
    effort.select_by_value("7").await.unwrap();
    browser
        .click(&format!("{plank} .log-options .stack button"))
        .await;
    browser
        .shows(&format!("{plank} .notes"), "Straight back")
        .await;
    browser.shows(&format!("{plank} .chip"), "7").await;
}

async fn read_report(browser: &Browser, words: &Words) {
    browser.open_page("/").await;
    browser.click("#resume-workout").await;
    browser.click("#complete-workout button").await;
    browser.shows("#report .stat:nth-child(1) dd", "3").await;
    browser.shows("#report .stat:nth-child(2) dd", "10").await;
    browser.shows("main", words.weight).await;
    browser.click("#rate .star:nth-of-type(4)").await;
    browser.find("#rate .star:nth-of-type(4).is-on").await;
    browser.fill("#comment-comment", "Strong day").await;
    browser.click("#comment button").await;
    browser.find("main .notice").await;
    browser.holds("#comment-comment", "Strong day").await;
    browser.picture("report").await;
}

async fn look_back(browser: &Browser) {
    browser.open_page("/").await;
    browser.shows("main .rows .row-title", "Legs & core").await;
    browser.picture("home").await;
    browser.open_page("/workouts").await;
    browser
        .shows("#workout-list .row-title", "Legs & core")
        .await;
    browser.picture("history").await;
    browser.open_page("/exercises").await;
    browser.picture("exercises").await;
    browser.click("#results-list .row-main").await;
    browser.arrives_at("/exercises/*").await;
    browser.picture("exercise").await;
}

async fn settle_profile(browser: &Browser, words: &Words) {
    browser.open_page("/profile").await;
    browser.fill("#profile-weight", words.weight).await;
    browser.fill("#profile-height", "168").await;
    browser.click("#profile button").await;
    browser.find("main .notice").await;
    browser.holds("#profile-weight", words.weight).await;

    browser.click(".avatar summary").await;
    let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/assets/icon.png");
    browser.choose_file("#avatar-file", picture).await;
    browser.click("#avatar button").await;
    browser.find("#avatar-picture").await;
    let loaded = "return document.getElementById('avatar-picture').naturalWidth";
    eventually("the picture to load", MAIL_DEADLINE, async || {
        let width = browser.run_script(loaded).await.as_u64();
        width.filter(|width| *width > 0)
    })
    .await;
    browser.picture("profile").await;
}

async fn leave_and_return(browser: &Browser, email: &str) {
    browser.click("#sign-out button").await;
    browser.find("main a[href='/register']").await;
    browser.open_page("/workouts/new").await;
    browser.arrives_at("/sign-in").await;
    browser.fill("#sign-in-email", email).await;
    browser.fill("#sign-in-password", "wrong password").await;
    browser.click("#sign-in button[type=submit]").await;
    browser.find("#sign-in .alert").await;
    browser.holds("#sign-in-email", email).await;
    browser.fill("#sign-in-password", PASSWORD).await;
    browser.click("#sign-in button[type=submit]").await;
    browser.arrives_at("/workouts/new").await;
    browser.picture("start").await;

    // Without a plan of one's own.
    browser.fill("#start-generated-prompt", "40 minutes").await;
    browser.click("#start-generated button").await;
    browser.arrives_at("/workouts/*").await;
    browser
        .find_once_made(".log-card .log-button", "#generation a")
        .await;
    browser.picture("generated").await;
    browser.click("#finish .danger summary").await;
    browser.click("#discard-workout button").await;
    browser.arrives_at("/").await;
    browser.find("main .notice").await;
}
