//! Charts drawn by the server as inline SVG. Each stands over the table of its numbers, so nobody needs to see it.

use maud::{Markup, html};

const WIDTH: f64 = 576.0;
const HEIGHT: f64 = 176.0;
const ABOVE: f64 = 6.0;

/// A value with what stands below it.
pub(crate) struct Point {
    pub(crate) label: String,
    pub(crate) value: f64,
}

/// What values are written like on the scale.
type Written<'a> = &'a dyn Fn(f64) -> String;

/// A line from the least to the most of its values.
pub(crate) fn line(title: &str, points: &[Point], written: Written<'_>) -> Markup {
    let values = points.iter().map(|point| point.value);
    let least = values.clone().fold(f64::INFINITY, f64::min);
    let most = values.fold(f64::NEG_INFINITY, f64::max);
    let places: Vec<(f64, f64)> = points
        .iter()
        .enumerate()
        .map(|(index, point)| {
            let x = across(index, points.len().saturating_sub(1).max(1));
            (x, height_of(point.value, least, most))
        })
        .collect();
    let path: Vec<String> = places
        .iter()
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    frame(
        title,
        points,
        (least, most),
        written,
        &html! {
            polyline class="chart-line" points=(path.join(" ")) {}
            @for (x, y) in &places { circle class="chart-dot" cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="3" {} }
        },
    )
}

/// A bar for each value, from zero on.
pub(crate) fn bars(title: &str, points: &[Point], written: Written<'_>) -> Markup {
    let most = points.iter().map(|point| point.value).fold(0.0, f64::max);
    let width = WIDTH / count(points.len().max(1));
    frame(
        title,
        points,
        (0.0, most),
        written,
        &html! {
            @for (index, point) in points.iter().enumerate() {
                @let y = height_of(point.value, 0.0, most);
                rect class="chart-bar" x=(format!("{:.1}", width * (count(index) + 0.1))) y=(format!("{y:.1}"))
                    width=(format!("{:.1}", width * 0.8)) height=(format!("{:.1}", HEIGHT - y)) {}
            }
        },
    )
}

fn frame(
    title: &str,
    points: &[Point],
    (least, most): (f64, f64),
    written: Written<'_>,
    drawing: &Markup,
) -> Markup {
    html! {
        div class="chart-frame" {
            // Words beside the drawing: they keep their size however narrow it is.
            @if !points.is_empty() {
                div class="chart-scale" aria-hidden="true" {
                    span { (written(most)) }
                    @if most > least { span { (written(least)) } }
                }
            }
            svg class="chart" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(title) {
                line class="chart-axis" x1="0" y1=(HEIGHT) x2=(WIDTH) y2=(HEIGHT) {}
                (drawing)
            }
            @if let (Some(first), Some(last)) = (points.first(), points.last()) {
                div class="chart-ends" aria-hidden="true" {
                    span { (first.label) }
                    @if points.len() > 1 { span { (last.label) } }
                }
            }
        }
    }
}

fn across(index: usize, last: usize) -> f64 {
    6.0 + (WIDTH - 12.0) * count(index) / count(last)
}

/// How far down a value is drawn; in the middle when all are the same.
fn height_of(value: f64, least: f64, most: f64) -> f64 {
    let room = HEIGHT - 2.0 * ABOVE;
    let share = if most > least {
        (value - least) / (most - least)
    } else if most > 0.0 && least > 0.0 {
        0.5
    } else {
        0.0
    };
    ABOVE + room * (1.0 - share)
}

#[expect(clippy::cast_precision_loss, reason = "charts have few points")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[f64]) -> Vec<Point> {
        let point = |value: &f64| Point {
            label: format!("<{value}>"),
            value: *value,
        };
        values.iter().map(point).collect()
    }

    #[test]
    fn the_most_is_at_the_top_and_the_least_at_the_bottom() {
        let svg = line("1RM", &points(&[100.0, 120.0, 110.0]), &|value| {
            value.to_string()
        });
        let svg = svg.into_string();
        assert!(
            svg.contains(r#"points="6.0,170.0 288.0,6.0 570.0,88.0""#),
            "{svg}"
        );
        assert!(svg.contains(r#"role="img" aria-label="1RM""#), "{svg}");
        assert!(
            !svg.contains("<100>") && svg.contains("&lt;100&gt;"),
            "{svg}"
        );
    }

    #[test]
    fn one_value_and_none_are_drawn_too() {
        for values in [&[][..], &[50.0], &[0.0, 0.0]] {
            for chart in [line, bars] {
                let svg = chart("x", &points(values), &|value| value.to_string()).into_string();
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            }
        }
    }
}
