//! A pattern for the names of columns.

/// What a name may be: `rw[0-9]+`, `repwt\d+`, `w_*`.
///
/// Letters stand for themselves, `.` for any, `[a-z_]` for one of these, `[^a-z]` for one of no other,
/// `\d` for a digit, and a backslash before anything else for that. `+`, `*` and `?` repeat what
/// stands before them: once or more, at will, or not at all. The whole name must fit.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::bare) struct Pattern {
    atoms: Vec<Atom>,
}

#[derive(Debug, Clone, PartialEq)]
struct Atom {
    one: One,
    least: usize,
    many: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum One {
    Any,
    Letter(char),
    Of {
        ranges: Vec<(char, char)>,
        not: bool,
    },
}

impl One {
    fn fits(&self, letter: char) -> bool {
        match self {
            One::Any => true,
            One::Letter(own) => *own == letter,
            One::Of { ranges, not } => {
                let found = ranges
                    .iter()
                    .any(|(first, last)| (*first..=*last).contains(&letter));
                found != *not
            }
        }
    }
}

impl Pattern {
    /// Reads a pattern; what is wrong with it, else.
    pub fn new(text: &str) -> Result<Pattern, String> {
        let text = text.strip_prefix('^').unwrap_or(text);
        let text = text.strip_suffix('$').unwrap_or(text);
        let mut letters = text.chars().peekable();
        let mut atoms: Vec<Atom> = Vec::new();
        while let Some(letter) = letters.next() {
            let one = match letter {
                '.' => One::Any,
                '[' => set(&mut letters)?,
                '\\' => match letters.next() {
                    Some('d') => One::Of {
                        ranges: vec![('0', '9')],
                        not: false,
                    },
                    Some(letter) => One::Letter(letter),
                    None => return Err("nothing follows the last '\\'".into()),
                },
                '(' | ')' | '|' | '{' | '}' => {
                    return Err(format!("'{letter}' has no meaning here"));
                }
                '+' | '*' | '?' => return Err(format!("'{letter}' repeats nothing")),
                letter => One::Letter(letter),
            };
            let (least, many) = match letters.peek() {
                Some('+') => (1, true),
                Some('*') => (0, true),
                Some('?') => (0, false),
                _ => {
                    atoms.push(Atom {
                        one,
                        least: 1,
                        many: false,
                    });
                    continue;
                }
            };
            letters.next();
            atoms.push(Atom { one, least, many });
        }
        if atoms.is_empty() {
            return Err("it is blank".into());
        }
        Ok(Pattern { atoms })
    }

    /// Whether a whole name fits.
    pub fn fits(&self, name: &str) -> bool {
        // The places in the name that may be reached so far.
        let name: Vec<char> = name.chars().collect();
        let mut open = vec![false; name.len() + 1];
        open[0] = true;
        for atom in &self.atoms {
            let mut next = vec![false; name.len() + 1];
            for start in (0..open.len()).filter(|&start| open[start]) {
                next[start] |= atom.least == 0;
                let run = name[start..]
                    .iter()
                    .take_while(|&&letter| atom.one.fits(letter))
                    .count();
                let most = if atom.many { run } else { run.min(1) };
                for taken in 1..=most {
                    next[start + taken] = true;
                }
            }
            open = next;
        }
        open.last().copied().unwrap_or(false)
    }
}

/// What stands between brackets.
fn set(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<One, String> {
    let not = letters.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        let first = match letters.next() {
            Some(']') => break,
            Some(letter) => letter,
            None => return Err("'[' has no ']'".into()),
        };
        let mut last = first;
        if letters.next_if_eq(&'-').is_some() {
            match letters.next() {
                Some(']') => {
                    ranges.extend([(first, first), ('-', '-')]);
                    break;
                }
                Some(letter) => last = letter,
                None => return Err("'[' has no ']'".into()),
            }
        }
        ranges.push((first, last));
    }
    Ok(One::Of { ranges, not })
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn fits(pattern: &str, name: &str) -> bool {
        Pattern::new(pattern).expect("a pattern").fits(name)
    }

    #[test]
    fn a_whole_name_must_fit() {
        assert!(fits("rw[0-9]+", "rw1") && fits("rw[0-9]+", "rw017"));
        assert!(!fits("rw[0-9]+", "rw") && !fits("rw[0-9]+", "rw1x") && !fits("rw[0-9]+", "arw1"));
        assert!(fits("^rw\\d\\d?$", "rw12") && !fits("^rw\\d\\d?$", "rw123"));
        assert!(fits("w.*_[^a-z]", "weight_1_2") && !fits("w.*_[^a-z]", "weight_a"));
        assert!(fits("a[x-]", "a-") && fits("w\\.1", "w.1") && !fits("w\\.1", "wx1"));
        assert!(fits("权数[0-9]*", "权数"));
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        for wrong in ["", "+a", "rw(1|2)", "rw[0-9", "rw\\"] {
            assert!(Pattern::new(wrong).is_err(), "{wrong}");
        }
    }
}
