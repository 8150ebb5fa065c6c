//! Reading languages' folders and looking into their files: for the build script, which makes the program's copy, and
//! for the tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

use super::folder::Folder;

/// Every language that has a folder here. English comes first: it is the language of the site's root, and the one that
/// all others are compared with.
///
/// # Errors
/// If the folder cannot be read.
pub(crate) fn scan(locales: &Path) -> std::io::Result<Vec<Folder>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(locales)? {
        let path = entry?.path();
        if !path.is_dir() {
            continue;
        }
        let mut folder = Folder { code: name(&path), ..Folder::default() };
        for file in std::fs::read_dir(&path)? {
            let file = file?.path();
            if file.extension().is_some_and(|e| e == "ftl") {
                folder.files.insert(name(&file), std::fs::read_to_string(&file)?);
            }
        }
        found.push(folder);
    }
    found.sort_by_key(|f| (f.code != "en", f.code.clone()));
    Ok(found)
}

fn name(path: &Path) -> String {
    path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The messages of a file with the names of the values that they take; or the first thing that is not Fluent.
///
/// # Errors
/// What is wrong with the file, in words for a translator.
pub(crate) fn messages(text: &str) -> Result<BTreeMap<String, BTreeSet<String>>, String> {
    let resource = parser::parse(text).map_err(|(_, errors)| {
        let lines: Vec<String> = errors.iter().map(|e| format!("line {}: {e}", line(text, e.pos.start))).collect();
        lines.join("; ")
    })?;
    let mut found = BTreeMap::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut values = BTreeSet::new();
        let attributes = message.attributes.iter().map(|a| &a.value);
        for pattern in message.value.iter().chain(attributes) {
            values_of(pattern, &mut values);
        }
        if found.insert(message.id.name.to_owned(), values).is_some() {
            return Err(format!("{} is there twice", message.id.name));
        }
    }
    Ok(found)
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

fn values_of(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            values_in(expression, found);
        }
    }
}

fn values_in(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Select { selector, variants } => {
            values_inside(selector, found);
            for variant in variants {
                values_of(&variant.value, found);
            }
        }
        Expression::Inline(inline) => values_inside(inline, found),
    }
}

fn values_inside(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => values_in(expression, found),
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                values_inside(argument, found);
            }
        }
        _ => {}
    }
}
