namespace VanBanDienTu.Cli.Demo;

/// <summary>What the demo says it has shown, each checked; one that does not hold makes the demo fail.</summary>
internal sealed class DemoClaims
{
    private readonly List<(string Text, bool Holds)> claims = [];

    public bool AllHold => claims.Count > 0 && claims.All(c => c.Holds);

    public IReadOnlyList<(string Text, bool Holds)> All => claims;

    public void Add(string text, bool holds) => claims.Add((text, holds));
}
