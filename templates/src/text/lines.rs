//! Long texts are wrapped in the files; a reader does not see where.

use fluent_syntax::{
    ast::{Entry, Expression, Pattern, PatternElement, Resource},
    parser, serializer,
};

/// A file in which a line break inside a text is a space, and an empty line a line break: so that long texts can be
/// wrapped.
pub(crate) fn unwrapped(text: &str) -> String {
    let mut resource = parser::parse(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    unwrap_all(&mut resource);
    serializer::serialize(&resource)
}

fn unwrap_all(resource: &mut Resource<String>) {
    for entry in &mut resource.body {
        if let Entry::Message(message) = entry {
            for pattern in message.value.iter_mut().chain(message.attributes.iter_mut().map(|a| &mut a.value)) {
                unwrap_pattern(pattern);
            }
        }
    }
}

fn unwrap_pattern(pattern: &mut Pattern<String>) {
    // Elements end at each line's end: whether a line break stands alone shows in what comes after it.
    let mut breaks = 0;
    let mut elements = Vec::with_capacity(pattern.elements.len());
    for element in std::mem::take(&mut pattern.elements) {
        match element {
            PatternElement::TextElement { value } => {
                for (n, line) in value.split('\n').enumerate() {
                    breaks += usize::from(n > 0);
                    if !line.is_empty() {
                        put(&mut elements, between(&mut breaks));
                        put(&mut elements, line);
                    }
                }
            }
            PatternElement::Placeable { mut expression } => {
                put(&mut elements, between(&mut breaks));
                if let Expression::Select { variants, .. } = &mut expression {
                    for variant in variants {
                        unwrap_pattern(&mut variant.value);
                    }
                }
                elements.push(PatternElement::Placeable { expression });
            }
        }
    }
    pattern.elements = elements;
}

fn put(elements: &mut Vec<PatternElement<String>>, text: &str) {
    if !text.is_empty() {
        elements.push(PatternElement::TextElement { value: text.to_owned() });
    }
}

/// What stands for so many line breaks.
fn between(breaks: &mut usize) -> &'static str {
    match std::mem::take(breaks) {
        0 => "",
        1 => " ",
        _ => "\n",
    }
}
