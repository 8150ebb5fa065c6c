//! Lines of the table, and how they are timed.

use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// What a line is held against.
#[derive(Clone, Copy)]
pub(crate) enum Aim {
    /// Nothing was promised.
    None,
    /// The ratio to the floor is to be at most this.
    RatioAtMost(f64),
    /// The ratio to the floor is to be at least this: for rates.
    RatioAtLeast(f64),
    /// The value itself is to be at most this.
    ValueAtMost(f64),
}

struct Line {
    name: String,
    unit: &'static str,
    value: f64,
    floor: Option<f64>,
    aim: Aim,
}

impl Line {
    fn ratio(&self) -> Option<f64> {
        self.floor.map(|f| self.value / f)
    }

    fn met(&self) -> Option<bool> {
        match self.aim {
            Aim::None => None,
            Aim::RatioAtMost(most) => self.ratio().map(|r| r <= most),
            Aim::RatioAtLeast(least) => self.ratio().map(|r| r >= least),
            Aim::ValueAtMost(most) => Some(self.value <= most),
        }
    }

    fn aim(&self) -> Option<String> {
        match self.aim {
            Aim::None => None,
            Aim::RatioAtMost(x) => Some(format!("ratio <= {x}")),
            Aim::RatioAtLeast(x) => Some(format!("ratio >= {x}")),
            Aim::ValueAtMost(x) => Some(format!("<= {} {}", number(x), self.unit)),
        }
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name, "unit": self.unit, "value": self.value, "floor": self.floor,
            "ratio": self.ratio(), "aim": self.aim(), "met": self.met(),
        })
    }

    fn print(&self) {
        let value = format!("{} {}", number(self.value), self.unit);
        let floor = self.floor.map(number).unwrap_or_default();
        let ratio = self.ratio().map(|r| format!("{r:.2}")).unwrap_or_default();
        let met = self.met().map_or("", |met| if met { "yes" } else { "NO" });
        println!(
            "  {:<62} {value:>18} {floor:>10} {ratio:>7}  {:<18} {met}",
            self.name,
            self.aim().unwrap_or_default()
        );
    }
}

/// The table, printed as it grows.
pub(crate) struct Table(Vec<Line>);

impl Table {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    /// Prints a heading.
    pub(crate) fn part(&self, title: &str) {
        println!("\n{title}");
        println!("  {:<62} {:>18} {:>10} {:>7}  {:<18} met", "", "value", "floor", "ratio", "aim");
    }

    /// Says what the lines that follow compare.
    pub(crate) fn note(&self, text: &str) {
        println!("  ({text})");
    }

    /// Adds and prints a line with a floor.
    pub(crate) fn line(&mut self, name: &str, unit: &'static str, value: f64, floor: Option<f64>, aim: Aim) {
        let line = Line { name: name.to_owned(), unit, value, floor, aim };
        line.print();
        self.0.push(line);
    }

    /// The lines as a JSON list.
    pub(crate) fn json(&self) -> Result<String> {
        let lines: Vec<Value> = self.0.iter().map(Line::json).collect();
        serde_json::to_string_pretty(&lines).context("cannot encode the table")
    }

    /// How many aims were met.
    pub(crate) fn summary(&self) -> String {
        let met = self.0.iter().filter(|l| l.met() == Some(true)).count();
        let missed = self.0.iter().filter(|l| l.met() == Some(false)).count();
        format!("Aims met: {met}, missed: {missed}.")
    }
}

fn number(x: f64) -> String {
    match x.abs() {
        a if a >= 1000.0 || x.fract() == 0.0 => format!("{x:.0}"),
        a if a >= 10.0 => format!("{x:.1}"),
        _ => format!("{x:.3}"),
    }
}

/// The middle of some measurements.
pub(crate) fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Microseconds that `act` takes, and what it answers.
pub(crate) fn micros<T>(act: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let answer = std::hint::black_box(act());
    (start.elapsed().as_secs_f64() * 1e6, answer)
}
