namespace VanBanDienTu.FuzzTests;

/// <summary>After all other tests: what is measured here, time and memory, is its own.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
