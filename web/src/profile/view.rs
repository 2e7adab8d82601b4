use maud::{Markup, html};

use super::Profile;
use crate::{
    files::own_path,
    form::{Entered, Form, Input},
    page::Page,
    unit::WeightUnit,
};

pub(super) fn profile(page: &Page, profile: &Profile, entered: &Entered) -> Markup {
    html! {
        header class="profile-head" {
            (picture(page, profile, entered))
            div {
                h1 { (profile.display_name) }
                p class="dim" { (profile.email) }
            }
        }
        (details(page, profile, entered))
        form id="sign-out" method="post" action="/sign-out" {
            (page.csrf_field())
            button class="quiet wide" type="submit" { (page.t("sign-out")) }
        }
    }
}

fn picture(page: &Page, profile: &Profile, entered: &Entered) -> Markup {
    let path = profile
        .avatar
        .as_ref()
        .and_then(|avatar| own_path(&avatar.url));
    let form = entered.form("avatar", Form::default);
    html! {
        details class="avatar" open[entered.has("avatar")] {
            summary title=(page.t("avatar-change")) {
                @if let Some(path) = &path {
                    img id="avatar-picture" src=(path) alt=(page.t("avatar-yours")) width="96" height="96";
                } @else {
                    span class="initial big" aria-hidden="true" {
                        (profile.display_name.chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default())
                    }
                }
                span class="link" { (page.t("avatar-change")) }
            }
            div class="card stack" {
                form id="avatar" class="stack" method="post" action="/profile/avatar" enctype="multipart/form-data" {
                    (page.csrf_field())
                    div class="field" {
                        label for="avatar-file" { (page.t("field-picture")) }
                        input id="avatar-file" name="picture" type="file" accept="image/jpeg,image/png,image/webp" required
                            aria-invalid=[form.error("picture").map(|_| "true")]
                            aria-describedby=[form.error("picture").map(|_| "avatar-file-error")];
                        @if let Some(error) = form.error("picture") { p class="field-error" id="avatar-file-error" { (error) } }
                        p class="hint" { (page.t("avatar-hint")) }
                    }
                    button type="submit" { (page.t("avatar-upload")) }
                }
                @if path.is_some() {
                    form id="remove-avatar" method="post" action="/profile/avatar/remove" {
                        (page.csrf_field())
                        button class="quiet small danger" type="submit" { (page.t("avatar-remove")) }
                    }
                }
            }
        }
    }
}

fn details(page: &Page, profile: &Profile, entered: &Entered) -> Markup {
    let form = entered.form("profile", || profile.form(page));
    let field = |name, label| Input::new(&form, "profile", name, label);
    let shown = WeightUnit::from_code(form.value("shown_unit")).unwrap_or(profile.weight_unit);
    let units: Vec<_> = WeightUnit::ALL
        .map(|unit| (unit.code(), page.say(unit.label())))
        .into();
    let languages = [("EN", "English".to_owned()), ("RU", "Русский".to_owned())];
    html! {
        form id="profile" class="card stack" method="post" action="/profile" novalidate {
            (page.csrf_field())
            (form.drawn_field("profile"))
            (form.alert())
            input type="hidden" name="shown_unit" value=(shown.code());
            h2 { (page.t("profile-you")) }
            div class="two" {
                (field("first_name", page.t("field-first-name")).autocomplete("given-name").max_length(100).show())
                (field("last_name", page.t("field-last-name")).autocomplete("family-name").max_length(100).show())
            }
            (field("date_of_birth", page.t("field-date-of-birth")).kind("date").autocomplete("bday").show())
            div class="two tight" {
                (field("height", page.t("field-height")).mode("decimal").suffix(page.t("unit-cm")).show())
                (field("weight", page.t("field-body-weight")).mode("decimal").suffix(page.say(shown.label())).show())
            }
            h2 { (page.t("profile-preferences")) }
            div class="two tight" {
                (field("language", page.t("field-language")).show_choice(&languages))
                (field("weight_unit", page.t("field-unit")).show_choice(&units))
            }
            button type="submit" { (page.t("save")) }
        }
    }
}
