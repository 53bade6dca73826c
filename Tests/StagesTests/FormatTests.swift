import Testing

/// Tests of the stages.
@Suite struct FormatTests {}
