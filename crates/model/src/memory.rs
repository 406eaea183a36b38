use crate::ModelError;

/// Bytes that are kept free for the small things that are allocated beside the large ones. Fewer bytes than these are not
/// asked for beforehand: asking takes longer than reading an image does.
const BESIDE: usize = 1 << 20;

/// Asks the system for `bytes` in one piece and gives them back. If it refuses, nothing has been begun. If it does not, the
/// same bytes can be allocated piece by piece, where an allocation that fails would end the process.
///
/// # Errors
/// [`ModelError::Memory`] with `purpose` ("training on 128 rows at a time") and `remedy` ("take a smaller batch size").
pub(crate) fn check(
    bytes: usize,
    purpose: impl FnOnce() -> String,
    remedy: &'static str,
) -> Result<(), ModelError> {
    if bytes < BESIDE {
        return Ok(());
    }
    let mut probe = Vec::<u8>::new();
    if probe.try_reserve_exact(bytes.saturating_add(BESIDE)).is_err() {
        return Err(ModelError::Memory { purpose: purpose(), bytes, remedy });
    }
    // The compiler may leave out an allocation that is not used.
    std::hint::black_box(&probe);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_address_space_holds_is_refused_in_one_line() {
        for bytes in [usize::MAX, isize::MAX as usize, 1 << 48] {
            let error = check(bytes, || "counting".into(), "count less").unwrap_err();
            let text = error.to_string();
            assert!(text.starts_with("counting takes ") && text.ends_with("count less"), "{text}");
        }
        let error = check(1 << 48, String::new, "").unwrap_err().to_string();
        assert!(error.contains(" 268435456 MiB "), "{error}");
        check(1 << 20, String::new, "").unwrap();
    }
}
