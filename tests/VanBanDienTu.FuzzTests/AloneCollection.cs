namespace VanBanDienTu.FuzzTests;

/// <summary>After all other tests: the heap's limit is for what runs here and nothing beside it.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
