//! The plates that a person has, as they are written, and kept in the browser.

use axum_extra::extract::{CookieJar, cookie::Cookie};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use setwise_service::Locale;

use super::Asked;
use crate::{
    form::{Form, number_of},
    format::entered,
    page::Page,
    unit::WeightUnit,
};

const COOKIE: &str = "setwise_rack";
/// The most sizes, and plates of a size, that the graph takes.
const MAX_SIZES: usize = 20;
const MAX_OF_A_SIZE: u8 = 20;
/// In either unit.
const MAX_PLATE: f64 = 100.0;

/// Plates of one size: how many there are in all.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Plate {
    weight: f64,
    count: u8,
}

/// `20x4 10x2 1.25`: weight and number of each size; without a number there are plenty.
pub(super) fn read(locale: Locale, text: &str) -> Option<Vec<Plate>> {
    let words = text
        .split(|c: char| c.is_whitespace() || c == ';')
        .map(|word| word.trim_end_matches(','))
        .filter(|word| !word.is_empty());
    let plates: Option<Vec<Plate>> = words.map(|word| plate(locale, word)).collect();
    plates.filter(|plates| (1..=MAX_SIZES).contains(&plates.len()))
}

fn plate(locale: Locale, text: &str) -> Option<Plate> {
    let (weight, count) = match text.split_once(['x', 'X', '×', 'х', 'Х']) {
        Some((weight, count)) => (weight, count.parse().ok()?),
        None => (text, MAX_OF_A_SIZE),
    };
    let weight = number_of(locale, weight)?;
    let fits = (0.01..=MAX_PLATE).contains(&weight) && (1..=MAX_OF_A_SIZE).contains(&count);
    fits.then_some(Plate { weight, count })
}

fn write(locale: Locale, rack: &[Plate]) -> String {
    let plates = rack.iter().map(|plate| {
        let weight = entered(locale, plate.weight, 2);
        match plate.count {
            MAX_OF_A_SIZE => weight,
            count => format!("{weight}x{count}"),
        }
    });
    plates.collect::<Vec<_>>().join(" ")
}

/// The bar and the rack that a person named last.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Kept {
    unit: WeightUnit,
    bar: Option<f64>,
    rack: Option<Vec<Plate>>,
}

impl From<&Asked> for Kept {
    fn from(asked: &Asked) -> Self {
        Self {
            unit: asked.unit,
            bar: asked.bar,
            rack: asked.rack.clone(),
        }
    }
}

impl Kept {
    /// What was kept in `unit`; nothing of another: plates are not converted.
    pub(super) fn of(jar: &CookieJar, unit: WeightUnit) -> Self {
        let kept = jar
            .get(COOKIE)
            .map(|cookie| URL_SAFE_NO_PAD.decode(cookie.value()));
        let kept = kept.and_then(|json| serde_json::from_slice::<Self>(&json.ok()?).ok());
        kept.filter(|kept| kept.unit == unit).unwrap_or_default()
    }

    pub(super) fn fill(&self, page: &Page, form: &mut Form) {
        let bar = self.bar.map(|bar| entered(page.locale, bar, 2));
        let rack = self.rack.as_deref().map(|rack| write(page.locale, rack));
        form.set("bar", bar.unwrap_or_default());
        form.set("rack", rack.unwrap_or_default());
    }

    pub(super) fn cookie(&self, page: &Page) -> Cookie<'static> {
        let json = serde_json::to_vec(self).unwrap_or_default();
        let value = URL_SAFE_NO_PAD.encode(json);
        let mut cookie = page.app.cookies().cookie(COOKIE, value);
        cookie.set_max_age(time::Duration::days(365));
        cookie
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rack_is_read_as_it_is_written() {
        let rack = read(Locale::En, "20x4, 10×2; 1.25").unwrap();
        let plate = |weight: f64, count: u8| Plate { weight, count };
        assert_eq!(rack, [plate(20.0, 4), plate(10.0, 2), plate(1.25, 20)]);
        assert_eq!(write(Locale::En, &rack), "20x4 10x2 1.25");
        assert_eq!(read(Locale::Ru, &write(Locale::Ru, &rack)).unwrap(), rack);
    }

    #[test]
    fn what_is_no_rack_is_refused() {
        let sizes = "5 ".repeat(21);
        for none in [
            "", " ; ", "x4", "20x", "20x0", "20x21", "20x-1", "0x2", "101x2", "nanx2", "1e2x2",
            &sizes,
        ] {
            assert_eq!(read(Locale::En, none), None, "{none:?}");
        }
    }
}
