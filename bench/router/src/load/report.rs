//! The figures as tables.

use std::fmt::Write as _;

use crate::{CONNECTIONS, Figures, drive::Sample};

/// Two tables: under load, and when idle. The first row is the subgraph, the second this router.
pub(crate) fn markdown(figures: &[Figures]) -> String {
    let [direct, this, ..] = figures else {
        return String::new();
    };
    let mut text = format!(
        "Deep query, {CONNECTIONS} connections (the subgraph answers the shallow one):\n\n\
         | | requests/s | p50 ms | p95 ms | p99.9 ms | CPU s per 1000 | requests per CPU s | peak MiB |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|\n"
    );
    for figures in figures {
        let Figures {
            name,
            loaded,
            peak_kib,
            ..
        } = figures;
        let _ = writeln!(
            text,
            "| {name} | {:.0} | {:.2} | {:.2} | {:.2} | {:.3} | {:.0} | {} |",
            per_second(loaded),
            loaded.latency_ms(0.5),
            loaded.latency_ms(0.95),
            loaded.latency_ms(0.999),
            1000.0 / per_cpu_second(loaded),
            per_cpu_second(loaded),
            peak_kib.div_ceil(1024),
        );
    }
    text += "\nThis router as a multiple of the other:\n\n\
             | | requests/s | requests per CPU s | p50 | p99.9 | peak memory |\n\
             |---|--:|--:|--:|--:|--:|\n";
    for other in figures.iter().filter(|other| other.name != this.name) {
        let _ = writeln!(
            text,
            "| {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            other.name,
            per_second(&this.loaded) / per_second(&other.loaded),
            per_cpu_second(&this.loaded) / per_cpu_second(&other.loaded),
            this.loaded.latency_ms(0.5) / other.loaded.latency_ms(0.5),
            this.loaded.latency_ms(0.999) / other.loaded.latency_ms(0.999),
            ratio(this.peak_kib, other.peak_kib),
        );
    }
    text += "\nOne request at a time; what the gateway adds is to the subgraph, asked directly:\n\n\
             | | shallow p50 ms | added ms | shallow p99.9 ms | deep p50 ms | deep p99.9 ms |\n\
             |---|--:|--:|--:|--:|--:|\n";
    for figures in figures {
        let p50 = figures.idle_shallow.latency_ms(0.5);
        let deep = |quantile| match &figures.idle_deep {
            Some(sample) => format!("{:.3}", sample.latency_ms(quantile)),
            None => String::new(),
        };
        let _ = writeln!(
            text,
            "| {} | {p50:.3} | {:.3} | {:.3} | {} | {} |",
            figures.name,
            p50 - direct.idle_shallow.latency_ms(0.5),
            figures.idle_shallow.latency_ms(0.999),
            deep(0.5),
            deep(0.999),
        );
    }
    text
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn per_second(sample: &Sample) -> f64 {
    sample.requests as f64 / sample.seconds
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn per_cpu_second(sample: &Sample) -> f64 {
    sample.requests as f64 / sample.cpu_seconds
}

#[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 KiB")]
fn ratio(this: u64, other: u64) -> f64 {
    this as f64 / other as f64
}
