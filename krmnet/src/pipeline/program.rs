//! Which built-in function a step's `image:` or `exec:` means.

/// The name of the function in an image: its last path component, without tag and digest.
pub(super) fn of_image(image: &str) -> &str {
    let base = image.rsplit('/').next().unwrap_or(image);
    base.split(['@', ':']).next().unwrap_or(base)
}

/// The name of the function in a command: its last path component. A command with arguments is not known: a built-in
/// function takes none in a pipeline.
pub(super) fn of_exec(command: &str) -> Option<String> {
    let words = words(command)?;
    match words.as_slice() {
        [program] => Some(program.rsplit('/').next().unwrap_or(program).to_owned()),
        _ => None,
    }
}

/// The words of a command, split as kpt splits them: quotes and backslashes count, nothing else does. `None` where a quote
/// stays open.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => quoted(&mut chars, '\'', word.get_or_insert_default())?,
            '"' => quoted(&mut chars, '"', word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(chars.next()?),
            '#' if word.is_none() => break,
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

fn quoted(chars: &mut std::str::Chars<'_>, quote: char, word: &mut String) -> Option<()> {
    loop {
        match chars.next()? {
            c if c == quote => return Some(()),
            '\\' if quote == '"' => word.push(chars.next()?),
            c => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_by_its_last_component() {
        for image in [
            "ipam-fn",
            "ipam-fn:v1",
            "ghcr.io/krmnet/ipam-fn:v0.1.0",
            "localhost:5000/ipam-fn",
            "docker.io/nephio/ipam-fn@sha256:0123",
            "r.example:5000/a/b/ipam-fn:v1@sha256:0123",
        ] {
            assert_eq!(of_image(image), "ipam-fn", "{image}");
        }
        assert_eq!(of_image("ghcr.io/x/my-ipam-fn:ipam-fn"), "my-ipam-fn");
        assert_eq!(of_image(""), "");
    }

    #[test]
    fn a_command_is_known_by_its_program() {
        for command in ["ipam-fn", " /usr/bin/ipam-fn ", "'./my bin/ipam-fn'", "\"ipam\"-fn", "ipam\\-fn # c"] {
            assert_eq!(of_exec(command).as_deref(), Some("ipam-fn"), "{command}");
        }
        assert_eq!(of_exec("/opt/ipam-fn.sh").as_deref(), Some("ipam-fn.sh"));
        for command in ["", "ipam-fn --help", "bash -c ipam-fn", "'ipam-fn", "ipam-fn\\"] {
            assert_eq!(of_exec(command), None, "{command}");
        }
    }

    #[test]
    fn words_are_split_as_in_a_shell_without_expansion() {
        assert_eq!(
            words(r#"a 'b c' "d\"e" f\ g $X * '' h#i"#).unwrap(),
            ["a", "b c", "d\"e", "f g", "$X", "*", "", "h#i"]
        );
    }
}
