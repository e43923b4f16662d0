//! ResourceList in and out, without loss: items, edits, results, conditions, the function harness.
