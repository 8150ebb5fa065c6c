//! Units, so that hours are never added to chips.

use core::fmt;

/// Base quantities, in the order of [`Dim`]'s exponents.
const BASE: [&str; 11] = ["FLOP", "s", "byte", "chip", "W", "EUR", "USD", "param", "token", "step", "site"];

/// Those that come in whole numbers.
const COUNTED: [&str; 5] = ["chip", "param", "token", "step", "site"];

/// A product of powers of base quantities.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Dim([i8; 11]);

impl Dim {
    /// A plain number.
    pub const NONE: Self = Self([0; 11]);

    /// Time.
    pub const TIME: Self = {
        let mut d = [0; 11];
        d[1] = 1;
        Self(d)
    };

    fn combine(self, other: Self, sign: i8) -> Option<Self> {
        let mut out = self;
        for (a, b) in out.0.iter_mut().zip(other.0) {
            *a = a.checked_add(b.checked_mul(sign)?)?;
        }
        Some(out)
    }

    /// The dimension of a product.
    pub fn times(self, other: Self) -> Option<Self> {
        self.combine(other, 1)
    }

    /// The dimension of a quotient.
    pub fn per(self, other: Self) -> Option<Self> {
        self.combine(other, -1)
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for (name, power) in BASE.iter().zip(self.0) {
            if power > 0 {
                for _ in 0..power {
                    text.push_str(if text.is_empty() { "" } else { "*" });
                    text.push_str(name);
                }
            }
        }
        if text.is_empty() {
            text.push('1');
        }
        for (name, power) in BASE.iter().zip(self.0) {
            for _ in power..0 {
                text.push('/');
                text.push_str(name);
            }
        }
        f.write_str(&text)
    }
}

/// A unit: its name as the pack writes it, its size in base units, its dimension.
#[derive(Clone, PartialEq, Debug)]
pub struct Unit {
    /// As written.
    pub name: String,
    /// One of it, in base units.
    pub factor: f64,
    /// What it measures.
    pub dim: Dim,
}

impl Unit {
    /// A plain number.
    pub fn none() -> Self {
        Self { name: "1".into(), factor: 1.0, dim: Dim::NONE }
    }

    /// Whether it counts things: half a chip is a slip of the pen, half a chip-hour is not.
    pub fn is_counted(&self) -> bool {
        self.factor == 1.0 && COUNTED.iter().any(|name| base(name) == Some(self.dim))
    }

    /// Reads `TFLOP/s/chip`, `chip*h`, `kWh`, `%` or `1`. `None` for an unknown symbol.
    pub fn parse(text: &str) -> Option<Self> {
        let mut unit = Self { name: text.to_owned(), ..Self::none() };
        for (i, part) in text.split('/').enumerate() {
            for symbol in part.split('*') {
                let (factor, dim) = symbol_of(symbol)?;
                if i == 0 {
                    unit.factor *= factor;
                    unit.dim = unit.dim.times(dim)?;
                } else {
                    unit.factor /= factor;
                    unit.dim = unit.dim.per(dim)?;
                }
            }
        }
        Some(unit)
    }
}

fn base(name: &str) -> Option<Dim> {
    let at = BASE.iter().position(|b| *b == name)?;
    let mut d = Dim::NONE;
    *d.0.get_mut(at)? = 1;
    Some(d)
}

fn symbol_of(symbol: &str) -> Option<(f64, Dim)> {
    let fixed = match symbol {
        "1" => Some((1.0, Dim::NONE)),
        "%" => Some((0.01, Dim::NONE)),
        "min" => Some((60.0, base("s")?)),
        "h" => Some((3600.0, base("s")?)),
        "d" => Some((86_400.0, base("s")?)),
        _ => None,
    };
    if fixed.is_some() {
        return fixed;
    }
    let (scale, rest) = match symbol {
        s if base(s).is_some() => (1.0, s),
        s => {
            let mut letters = s.chars();
            let scale = match letters.next()? {
                'k' => 1e3,
                'M' => 1e6,
                'G' => 1e9,
                'T' => 1e12,
                'P' => 1e15,
                'E' => 1e18,
                _ => 1.0,
            };
            (scale, if scale == 1.0 { s } else { letters.as_str() })
        }
    };
    Some(match rest {
        "bit" => (scale / 8.0, base("byte")?),
        "B" => (scale, base("byte")?),
        "Wh" => (scale * 3600.0, base("W")?.times(base("s")?)?),
        other => (scale, base(other)?),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn units_multiply_and_divide() {
        let peak = Unit::parse("TFLOP/s/chip").unwrap();
        let time = Unit::parse("chip*h").unwrap();
        assert_eq!(peak.dim.times(time.dim).unwrap().to_string(), "FLOP");
        assert!((peak.factor * time.factor - 3.6e15).abs() < 1.0);
        assert_eq!(Unit::parse("Gbit/s").unwrap().factor, 1e9 / 8.0);
        assert_eq!(Unit::parse("kWh").unwrap().factor, 3.6e6);
        assert_eq!(Unit::parse("param").unwrap().factor, 1.0);
        assert_eq!(Unit::parse("d").unwrap().dim, Dim::TIME);
        let counted = |text| Unit::parse(text).unwrap().is_counted();
        assert!(counted("chip") && counted("site") && counted("step"));
        assert!(!counted("chip*h") && !counted("h") && !counted("1") && !counted("Gtoken") && !counted("chip/site"));
        for bad in ["", "furlong", "kk", "FLOP/", "*", "Th", "kmin"] {
            assert_eq!(Unit::parse(bad), None, "{bad}");
        }
    }
}
