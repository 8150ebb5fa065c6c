//! The small language of machine checks: numbers with units, dates, texts, lists, comparisons. No loops, no side
//! effects.
//!
//! Spec: `docs/spec/regime-pack.md`, section "Formulas". What is unknown stays unknown: a comparison with an unknown
//! value is unknown, `false and unknown` is false, `true or unknown` is true.

use std::collections::{BTreeMap, BTreeSet};

use super::unit::Dim;
use crate::{clock::Date, policy::log10};

/// A larger number is refused: nothing on Earth computes that much.
pub(super) const LARGEST: f64 = 1e36;
const DEPTH: usize = 32;

/// A formula of a pack as a tree: what [`Expr::parse`] makes of its text.
#[derive(Clone, PartialEq, Debug)]
pub enum Expr {
    /// A number without a unit.
    Number(f64),
    /// An input, a constant, a threshold or a step.
    Name(String),
    /// `not`.
    Not(Box<Expr>),
    /// An operator with what stands to its left and to its right.
    Binary(Op, Box<Expr>, Box<Expr>),
    /// A function by its name, with its arguments. That it exists and takes them is checked by [`Expr::kind`].
    Call(String, Vec<Expr>),
}

/// An operator between two sides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    /// `or`
    Or,
    /// `and`
    And,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `==`
    Same,
    /// `!=`
    Differs,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
}

/// What an expression is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A number of this dimension.
    Number(Dim),
    /// A list of such numbers.
    Numbers(Dim),
    /// A single calendar day.
    Date,
    /// A list of dates.
    Dates,
    /// A single text. Texts compare by letters and digits, in lower case.
    Text,
    /// A list of texts.
    Texts,
    /// Yes or no.
    Truth,
}

/// A value, in base units.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// The value of an input that nobody gave, and of most things computed from one.
    Unknown,
    /// A number in base units: three hours are 10,800.
    Number(f64),
    /// A list of numbers in base units, in the order in which they were given.
    Numbers(Vec<f64>),
    /// One calendar day, without a time of day.
    Date(Date),
    /// A list of calendar days, in the order in which they were given.
    Dates(Vec<Date>),
    /// One text, as it was given.
    Text(String),
    /// A list of texts, in the order in which they were given.
    Texts(Vec<String>),
    /// Yes or no.
    Truth(bool),
}

impl Expr {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong, in plain words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut p = Parser { tokens: &tokens, depth: 0 };
        let expr = p.binary(0)?;
        match p.tokens.first() {
            None => Ok(expr),
            Some(t) => Err(format!("`{t}` is not expected here")),
        }
    }

    /// Every name in it.
    pub fn names<'e>(&'e self, out: &mut BTreeSet<&'e str>) {
        match self {
            Self::Number(_) => {}
            Self::Name(n) => {
                out.insert(n);
            }
            Self::Not(e) => e.names(out),
            Self::Binary(_, a, b) => {
                a.names(out);
                b.names(out);
            }
            Self::Call(_, args) => args.iter().for_each(|a| a.names(out)),
        }
    }

    /// What it is, if its parts fit together.
    ///
    /// # Errors
    /// Which parts do not.
    pub fn kind(&self, env: &BTreeMap<String, Kind>) -> Result<Kind, String> {
        match self {
            Self::Number(_) => Ok(Kind::Number(Dim::NONE)),
            Self::Name(n) => env.get(n).copied().ok_or_else(|| format!("`{n}` is not defined")),
            Self::Not(e) => match e.kind(env)? {
                Kind::Truth => Ok(Kind::Truth),
                _ => Err("`not` needs a yes or no".into()),
            },
            Self::Binary(op, a, b) => binary_kind(*op, a.kind(env)?, b.kind(env)?),
            Self::Call(name, args) => {
                let kinds = args.iter().map(|a| a.kind(env)).collect::<Result<Vec<_>, _>>()?;
                call_kind(name, &kinds)
            }
        }
    }

    /// Its value. Names that are missing in `env` are unknown.
    ///
    /// # Errors
    /// A number out of range, or a division by zero.
    pub fn value(&self, env: &BTreeMap<String, Value>) -> Result<Value, String> {
        match self {
            Self::Number(n) => Ok(Value::Number(*n)),
            Self::Name(n) => Ok(env.get(n).cloned().unwrap_or(Value::Unknown)),
            Self::Not(e) => Ok(match e.value(env)? {
                Value::Truth(t) => Value::Truth(!t),
                _ => Value::Unknown,
            }),
            Self::Binary(op, a, b) => binary_value(*op, a.value(env)?, b.value(env)?),
            Self::Call(name, args) => {
                let values = args.iter().map(|a| a.value(env)).collect::<Result<Vec<_>, _>>()?;
                call_value(name, &values)
            }
        }
    }
}

fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    if text.len() > 2000 {
        return Err("the formula is longer than 2000 characters".into());
    }
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() {
            number_length(rest)
        } else if first.is_ascii_alphabetic() {
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else if ["<=", ">=", "==", "!="].iter().any(|op| rest.starts_with(op)) {
            2
        } else if "+-*/()<>,".contains(first) {
            1
        } else {
            return Err(format!("`{first}` is not part of the formula language"));
        };
        let (token, tail) = rest.split_at_checked(length).ok_or("the formula breaks inside a character")?;
        out.push(token.to_owned());
        rest = tail.trim_start();
    }
    Ok(out)
}

fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut n = 0;
    let mut exponent = false;
    while let Some(b) = bytes.get(n) {
        let sign = matches!(b, b'+' | b'-') && n > 0 && matches!(bytes.get(n - 1), Some(b'e'));
        match b {
            b'0'..=b'9' | b'.' => {}
            b'e' if !exponent => exponent = true,
            _ if sign => {}
            _ => break,
        }
        n += 1;
    }
    n
}

struct Parser<'t> {
    tokens: &'t [String],
    depth: usize,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<String> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    fn peek_op(&self, level: usize) -> Option<Op> {
        let op = match self.tokens.first()?.as_str() {
            "or" => (0, Op::Or),
            "and" => (1, Op::And),
            "<" => (2, Op::Less),
            "<=" => (2, Op::AtMost),
            ">" => (2, Op::More),
            ">=" => (2, Op::AtLeast),
            "==" => (2, Op::Same),
            "!=" => (2, Op::Differs),
            "+" => (3, Op::Plus),
            "-" => (3, Op::Minus),
            "*" => (4, Op::Times),
            "/" => (4, Op::Over),
            _ => return None,
        };
        (op.0 == level).then_some(op.1)
    }

    fn binary(&mut self, level: usize) -> Result<Expr, String> {
        if level > 4 {
            return self.single();
        }
        self.depth += 1;
        if self.depth > DEPTH * 6 {
            return Err("the formula is nested too deeply".into());
        }
        let mut left = self.binary(level + 1)?;
        while let Some(op) = self.peek_op(level) {
            self.next();
            let right = self.binary(level + 1)?;
            left = Expr::Binary(op, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn single(&mut self) -> Result<Expr, String> {
        let token = self.next().ok_or("the formula ends too early")?;
        match token.as_str() {
            "(" => {
                let inner = self.binary(0)?;
                self.expect(")")?;
                Ok(inner)
            }
            "not" => {
                self.depth += 1;
                if self.depth > DEPTH * 6 {
                    return Err("the formula is nested too deeply".into());
                }
                let inner = self.single()?;
                self.depth -= 1;
                Ok(Expr::Not(Box::new(inner)))
            }
            t if t.starts_with(|c: char| c.is_ascii_digit()) => {
                let n: f64 = t.parse().map_err(|_| format!("`{t}` is not a number"))?;
                if n.is_finite() && n <= LARGEST { Ok(Expr::Number(n)) } else { Err(format!("`{t}` is too large")) }
            }
            t if t.starts_with(|c: char| c.is_ascii_alphabetic()) && !matches!(t, "and" | "or") => {
                if self.tokens.first().map(String::as_str) != Some("(") {
                    return Ok(Expr::Name(token));
                }
                self.next();
                let mut args = vec![self.binary(0)?];
                while self.tokens.first().map(String::as_str) == Some(",") {
                    self.next();
                    args.push(self.binary(0)?);
                }
                self.expect(")")?;
                Ok(Expr::Call(token, args))
            }
            other => Err(format!("`{other}` is not expected here")),
        }
    }

    fn expect(&mut self, what: &str) -> Result<(), String> {
        match self.next() {
            Some(t) if t == what => Ok(()),
            _ => Err(format!("`{what}` is missing")),
        }
    }
}

fn binary_kind(op: Op, a: Kind, b: Kind) -> Result<Kind, String> {
    use Kind::{Date, Number, Text, Truth};
    let unlike = |x: Dim, y: Dim| format!("{x} and {y} cannot be compared or added");
    match (op, a, b) {
        (Op::Or | Op::And, Truth, Truth) => Ok(Truth),
        (Op::Or | Op::And, _, _) => Err("`and` and `or` need a yes or no on both sides".into()),
        (Op::Times, Number(x), Number(y)) => {
            x.times(y).map(Number).ok_or_else(|| "the unit's power is too high".into())
        }
        (Op::Over, Number(x), Number(y)) => x.per(y).map(Number).ok_or_else(|| "the unit's power is too high".into()),
        (Op::Plus | Op::Minus, Number(x), Number(y)) if x == y => Ok(Number(x)),
        (Op::Minus, Date, Date) => Ok(Number(Dim::TIME)),
        (Op::Less | Op::AtMost | Op::More | Op::AtLeast | Op::Same | Op::Differs, Number(x), Number(y)) if x == y => {
            Ok(Truth)
        }
        (Op::Less | Op::AtMost | Op::More | Op::AtLeast | Op::Same | Op::Differs, Date, Date) => Ok(Truth),
        (Op::Same | Op::Differs, Text, Text) | (Op::Same | Op::Differs, Truth, Truth) => Ok(Truth),
        (_, Number(x), Number(y)) => Err(unlike(x, y)),
        _ => Err("the two sides do not go together".into()),
    }
}

fn binary_value(op: Op, a: Value, b: Value) -> Result<Value, String> {
    use Value::{Date, Number, Text, Truth, Unknown};
    Ok(match (op, a, b) {
        (Op::And, Truth(false), _) | (Op::And, _, Truth(false)) => Truth(false),
        (Op::Or, Truth(true), _) | (Op::Or, _, Truth(true)) => Truth(true),
        (_, Unknown, _) | (_, _, Unknown) => Unknown,
        (Op::And, Truth(x), Truth(y)) => Truth(x && y),
        (Op::Or, Truth(x), Truth(y)) => Truth(x || y),
        (Op::Plus, Number(x), Number(y)) => ranged(x + y)?,
        (Op::Minus, Number(x), Number(y)) => ranged(x - y)?,
        (Op::Times, Number(x), Number(y)) => ranged(x * y)?,
        (Op::Over, Number(_), Number(0.0)) => return Err("a division by zero".into()),
        (Op::Over, Number(x), Number(y)) => ranged(x / y)?,
        (Op::Minus, Date(x), Date(y)) => Number(seconds_between(y, x)),
        (op, Number(x), Number(y)) => compared(op, x.partial_cmp(&y)),
        (op, Date(x), Date(y)) => compared(op, Some(x.cmp(&y))),
        (Op::Same, Text(x), Text(y)) => Truth(plain(&x) == plain(&y)),
        (Op::Differs, Text(x), Text(y)) => Truth(plain(&x) != plain(&y)),
        (Op::Same, Truth(x), Truth(y)) => Truth(x == y),
        (Op::Differs, Truth(x), Truth(y)) => Truth(x != y),
        _ => Unknown,
    })
}

fn compared(op: Op, order: Option<core::cmp::Ordering>) -> Value {
    let Some(order) = order else { return Value::Unknown };
    Value::Truth(match op {
        Op::Less => order.is_lt(),
        Op::AtMost => order.is_le(),
        Op::More => order.is_gt(),
        Op::AtLeast => order.is_ge(),
        Op::Same => order.is_eq(),
        Op::Differs => order.is_ne(),
        _ => return Value::Unknown,
    })
}

fn ranged(x: f64) -> Result<Value, String> {
    if x.is_finite() && x.abs() <= LARGEST {
        return Ok(Value::Number(x));
    }
    Err(format!("a number above {LARGEST:e}: an input must be wrong"))
}

fn seconds_between(from: Date, to: Date) -> f64 {
    // At most 3.7 million days: exact in a double.
    i32::try_from(to.days() - from.days()).map_or(0.0, |days| f64::from(days) * 86_400.0)
}

/// A name for comparing: letters and digits in lower case, everything else dropped.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn call_kind(name: &str, args: &[Kind]) -> Result<Kind, String> {
    use Kind::{Date, Dates, Number, Numbers, Text, Texts};
    let number = Number(Dim::NONE);
    match (name, args) {
        ("sum" | "largest" | "smallest", [Numbers(d)]) => Ok(Number(*d)),
        ("count", [Numbers(_) | Dates | Texts]) => Ok(number),
        ("distinct" | "repeated", [Texts | Dates]) => Ok(number),
        ("missing", [Numbers(d)]) if *d == Dim::NONE => Ok(number),
        ("longest_gap", [Dates]) => Ok(Number(Dim::TIME)),
        ("common" | "broken_links", [Texts, Texts]) => Ok(number),
        ("hits", [Text, Texts]) => Ok(number),
        ("min" | "max", [Number(a), Number(b)]) if a == b => Ok(Number(*a)),
        ("log10", [Number(d)]) if *d == Dim::NONE => Ok(number),
        ("first" | "last", [Dates]) => Ok(Date),
        ("known", [_]) => Ok(Kind::Truth),
        (
            "sum" | "largest" | "smallest" | "count" | "distinct" | "repeated" | "missing" | "longest_gap" | "common"
            | "broken_links" | "hits" | "min" | "max" | "log10" | "first" | "last" | "known",
            _,
        ) => Err(format!("`{name}` does not take these arguments")),
        _ => Err(format!("there is no function `{name}`")),
    }
}

fn call_value(name: &str, args: &[Value]) -> Result<Value, String> {
    use Value::{Date, Dates, Number, Numbers, Text, Texts, Truth, Unknown};
    if name == "known" {
        return Ok(Truth(!matches!(args, [Unknown])));
    }
    let number = |n: usize| Number(u32::try_from(n).map_or(LARGEST, f64::from));
    Ok(match (name, args) {
        ("sum", [Numbers(list)]) => ranged(list.iter().sum())?,
        ("largest", [Numbers(list)]) => list.iter().copied().reduce(f64::max).map_or(Unknown, Number),
        ("smallest", [Numbers(list)]) => list.iter().copied().reduce(f64::min).map_or(Unknown, Number),
        ("count", [Numbers(list)]) => number(list.len()),
        ("count", [Dates(list)]) => number(list.len()),
        ("count", [Texts(list)]) => number(list.len()),
        ("distinct", [Texts(list)]) => number(list.iter().map(|t| plain(t)).collect::<BTreeSet<_>>().len()),
        ("distinct", [Dates(list)]) => number(list.iter().collect::<BTreeSet<_>>().len()),
        ("repeated", [Texts(list)]) => {
            number(list.len() - list.iter().map(|t| plain(t)).collect::<BTreeSet<_>>().len())
        }
        ("repeated", [Dates(list)]) => number(list.len() - list.iter().collect::<BTreeSet<_>>().len()),
        ("missing", [Numbers(list)]) => missing(list)?,
        ("longest_gap", [Dates(list)]) => {
            let mut sorted = list.clone();
            sorted.sort_unstable();
            let gaps = sorted.windows(2).filter_map(|w| match w {
                [a, b] => Some(seconds_between(*a, *b)),
                _ => None,
            });
            gaps.reduce(f64::max).map_or(Unknown, Number)
        }
        ("common", [Texts(a), Texts(b)]) => {
            let a: BTreeSet<_> = a.iter().map(|t| plain(t)).collect();
            let b: BTreeSet<_> = b.iter().map(|t| plain(t)).collect();
            number(a.intersection(&b).count())
        }
        // Each item must name its predecessor: previous[i + 1] == own[i].
        ("broken_links", [Texts(own), Texts(previous)]) => {
            let links = own.iter().zip(previous.iter().skip(1));
            let broken = links.filter(|(o, p)| plain(o) != plain(p)).count();
            number(broken + own.len().abs_diff(previous.len()))
        }
        ("hits", [Text(text), Texts(patterns)]) => {
            let text = plain(text);
            number(patterns.iter().map(|p| plain(p)).filter(|p| !p.is_empty() && text.contains(p)).count())
        }
        ("min", [Number(a), Number(b)]) => Number(a.min(*b)),
        ("max", [Number(a), Number(b)]) => Number(a.max(*b)),
        ("log10", [Number(x)]) => Number(log10(*x).ok_or("a logarithm of zero or less")?),
        ("first", [Dates(list)]) => list.iter().min().map_or(Unknown, |d| Date(*d)),
        ("last", [Dates(list)]) => list.iter().max().map_or(Unknown, |d| Date(*d)),
        _ => Unknown,
    })
}

/// How many whole numbers between the smallest and the largest are not in the list.
fn missing(list: &[f64]) -> Result<Value, String> {
    if list.iter().any(|n| n.fract() != 0.0 || !(0.0..=1e9).contains(n)) {
        return Err("a running number is not whole, or above 1e9".into());
    }
    let (Some(low), Some(high)) = (list.iter().copied().reduce(f64::min), list.iter().copied().reduce(f64::max)) else {
        return Ok(Value::Unknown);
    };
    // Whole numbers below 2^53 sort and compare by their bits.
    let distinct = list.iter().map(|n| n.to_bits()).collect::<BTreeSet<_>>().len();
    let distinct = u32::try_from(distinct).map_err(|_| "too many numbers")?;
    Ok(Value::Number(high - low + 1.0 - f64::from(distinct)))
}
