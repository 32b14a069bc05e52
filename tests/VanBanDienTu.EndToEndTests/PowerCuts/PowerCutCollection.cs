namespace VanBanDienTu.EndToEndTests.PowerCuts;

/// <summary>Tests that share one recording, one after the other: its nodes' addresses are taken by one at a time.</summary>
[CollectionDefinition("power cuts")]
public sealed class PowerCutCollection : ICollectionFixture<Recording>;
