//! Running a test binary on each instruction set.

use kernels::Isa;

/// Runs all tests of this binary once more on each instruction set that this CPU has. To be called by one test.
pub(crate) fn run_all_on_every_instruction_set() {
    if let Some(asked) = std::env::var_os("KERNELS_ISA") {
        // One of the runs below.
        assert_eq!(asked, Isa::active().short_name());
        return;
    }
    let mut ran = 0;
    for isa in Isa::available() {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .env("KERNELS_ISA", isa.short_name())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains(" passed"), "{}:\n{text}", isa.name());
        ran += 1;
    }
    assert!(ran >= 1);
}
