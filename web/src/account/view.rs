use maud::{Markup, html};

use crate::{
    form::{Form, Input},
    page::Page,
};

pub(super) fn registration(page: &Page, form: &Form) -> Markup {
    let field = |name, label| Input::new(form, "register", name, label);
    html! {
        section class="narrow" {
            h1 { (page.t("register-title")) }
            p class="lead" { (page.t("register-lead")) }
            form id="register" class="card stack" method="post" action="/register" novalidate {
                (page.csrf_field())
                (form.alert())
                (hidden_return(form))
                div class="two" {
                    (field("first_name", page.t("field-first-name")).autocomplete("given-name").max_length(100).show())
                    (field("last_name", page.t("field-last-name")).autocomplete("family-name").max_length(100).show())
                }
                (field("email", page.t("field-email")).kind("email").mode("email").autocomplete("username")
                    .max_length(254).required().show())
                (field("password", page.t("field-password")).kind("password").autocomplete("new-password")
                    .hint(page.t("register-password-hint")).required().show())
                button type="submit" { (page.t("register-submit")) }
            }
            p class="aside" { (page.t("register-have-account")) " " a href={ "/sign-in" (back(form)) } { (page.t("nav-sign-in")) } }
        }
    }
}

pub(super) fn entrance(page: &Page, form: &Form) -> Markup {
    let field = |name, label| Input::new(form, "sign-in", name, label);
    html! {
        section class="narrow" {
            h1 { (page.t("sign-in-title")) }
            @if !form.value("return").is_empty() && !form.failed() {
                p class="lead" { (page.t("sign-in-first")) }
            }
            form id="sign-in" class="card stack" method="post" action="/sign-in" novalidate {
                (page.csrf_field())
                (form.alert())
                (hidden_return(form))
                (field("email", page.t("field-email")).kind("email").mode("email").autocomplete("username").required().show())
                (field("password", page.t("field-password")).kind("password").autocomplete("current-password").required().show())
                button type="submit" { (page.t("sign-in-submit")) }
            }
            p class="aside" { (page.t("sign-in-no-account")) " " a href={ "/register" (back(form)) } { (page.t("nav-register")) } }
        }
    }
}

fn hidden_return(form: &Form) -> Markup {
    html! {
        @if let Some(path) = form.text("return") {
            input type="hidden" name="return" value=(path);
        }
    }
}

/// Where to go afterwards is not forgotten between the two forms.
fn back(form: &Form) -> String {
    let path = form.text("return");
    let query = path.and_then(|path| serde_urlencoded::to_string([("return", path)]).ok());
    query.map(|query| format!("?{query}")).unwrap_or_default()
}
