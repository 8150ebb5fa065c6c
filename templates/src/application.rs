//! The pages that run in the browser: filing a tip and coming back. What the page's program says stands in the same
//! files as all other words and travels with the page as data.

use askama::Template;

use crate::{Programme, Text, Value};

/// A file of the page's program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The address that a page loads it from.
    pub path: String,
    /// Its subresource integrity value, such as `sha256-…`.
    pub integrity: String,
}

/// The page's program, as far as it is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What the page loads first.
    pub app: Asset,
    /// The engine as WebAssembly.
    pub engine: Asset,
    /// The engine as plain JavaScript, for browsers with WebAssembly switched off.
    pub twin: Asset,
}

/// What every page with a program carries.
#[derive(Clone, Debug)]
pub struct Application<'a> {
    /// Nothing if the operator has not installed it.
    pub program: Option<&'a Program>,
    /// The regime packs that the charter names, as they are: the page checks them against the charter itself.
    pub packs: &'a [String],
    /// Ids and titles of the same packs, to choose from before the page has checked them.
    pub subjects: &'a [(String, String)],
}

macro_rules! applications {
    ($($(#[$doc:meta])* $name:ident $template:literal $address:literal)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Template)]
            #[template(path = $template)]
            pub struct $name<'a> {
                /// The words of the page in its language.
                pub t: &'static Text,
                /// Whose page it is.
                pub p: &'a Programme,
                /// What runs in it.
                pub a: Application<'a>,
            }

            impl $name<'_> {
                /// Its address without the language.
                pub const ADDRESS: &'static str = $address;

                fn page(&self) -> &'static str {
                    Self::ADDRESS
                }

                /// The page, or `None` if it cannot be rendered.
                pub fn to_html(&self) -> Option<String> {
                    self.render().ok()
                }
            }
        )*
    };
}

applications! {
    /// Filing a tip.
    Tip "tip.html" "tip"
    /// Coming back with the words.
    Return "return.html" "return"
}

/// Where the quick exit leads: a page with nothing on it.
#[derive(Clone, Debug, Template)]
#[template(path = "leave.html")]
pub struct Leave {
    /// The words of the page in its language.
    pub t: &'static Text,
}

impl Leave {
    /// Its address without the language.
    pub const ADDRESS: &'static str = "leave";

    /// The page, or `None` if it cannot be rendered.
    pub fn to_html(&self) -> Option<String> {
        self.render().ok()
    }
}

/// The values that the program puts in; here each stands for itself in braces.
const VALUES: [&str; 19] = [
    "done",
    "all",
    "hours",
    "position",
    "name",
    "count",
    "date",
    "amount",
    "bytes",
    "found",
    "word",
    "suggestions",
    "text",
    "one",
    "other",
    "given",
    "wanted",
    "stated",
    "now",
];

/// The program's words in one language: key without `app-`, and words with `{name}` where a value goes. What bends with
/// a number has its other forms as attributes, named after the value and as `Intl.PluralRules` names forms: the page's
/// program takes `signed.count-one` where `count` is one.
pub(crate) fn words(t: &Text) -> Vec<(String, String)> {
    let braced = VALUES.map(|name| (name, format!("{{{name}}}")));
    let values = braced.each_ref().map(|(name, value)| (*name, value as &dyn Value));
    // How the language writes numbers: the engine reads what is typed by these marks.
    let mut out = vec![("number-sample".to_owned(), t.locale().sample())];
    for (key, short) in t.keys().filter_map(|key| Some((key, key.strip_prefix("app-")?))) {
        out.push((short.to_owned(), t.with(key, &values)));
        let forms = t.attributes(key, &values).into_iter();
        out.extend(forms.map(|(form, words)| (format!("{short}.{form}"), words)));
    }
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::Language;

    fn program() -> Program {
        let asset = |path: &str| Asset { path: path.into(), integrity: "sha256-AAAA".into() };
        Program {
            app: asset("/assets/app.1.js"),
            engine: asset("/assets/engine.1.wasm"),
            twin: asset("/assets/engine.1.js"),
        }
    }

    #[test]
    fn the_pages_render_in_every_language_with_nothing_missing_and_no_script_of_their_own() {
        let p = Programme { id: "demo.example".into(), root_fingerprint: "abcd".into(), ..Programme::default() };
        let (program, packs) = (program(), ["id = \"a\"\n<b>".to_owned()]);
        let subjects = [("a".to_owned(), "About <b>".to_owned())];
        for language in Language::all() {
            let t = language.text();
            let installed = Application { program: Some(&program), packs: &packs, subjects: &subjects };
            for a in [installed, Application { program: None, packs: &[], subjects: &[] }] {
                let installed = a.program.is_some();
                for html in [
                    Tip { t, p: &p, a: a.clone() }.to_html().unwrap(),
                    Return { t, p: &p, a: a.clone() }.to_html().unwrap(),
                ] {
                    assert!(html.contains(&format!("<html lang=\"{}\"", language.code())));
                    for bad in ["[missing", "style=\"", "http://", "https://", "onclick", "<b>\n"] {
                        assert!(!html.contains(bad), "{}: {bad}", language.code());
                    }
                    assert_eq!(html.matches("<script").count(), usize::from(installed));
                    assert_eq!(html.contains("integrity=\"sha256-AAAA\"></script>"), installed);
                }
            }
            assert!(!Leave { t }.to_html().unwrap().contains("[missing"));
        }
    }

    #[test]
    fn values_survive_in_every_language() {
        let english = words(Language::root().text());
        assert!(english.len() > 80);
        for language in Language::all() {
            let words = words(language.text());
            // A form may say "one" in letters, or be left out: the program then takes the message itself.
            for (key, theirs) in english.iter().filter(|(key, _)| !key.contains('.')) {
                let Some((_, ours)) = words.iter().find(|(k, _)| k == key) else { continue };
                for value in VALUES {
                    let value = format!("{{{value}}}");
                    assert_eq!(ours.contains(&value), theirs.contains(&value), "{} {key} {value}", language.code());
                }
            }
        }
    }
}
