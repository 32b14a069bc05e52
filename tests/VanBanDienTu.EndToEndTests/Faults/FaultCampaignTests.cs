using System.Globalization;

namespace VanBanDienTu.EndToEndTests.Faults;

/// <summary>One gateway for each node, each with a database of its own.</summary>
public sealed class FaultsOnSqliteTests(ITestOutputHelper output) : FaultCampaignTests(output)
{
    [Fact]
    public Task Every_acknowledged_document_is_handed_over_once_with_proof_through_all_faults() => RunAsync("sqlite", postgres: false);
}

/// <summary>Two gateways for the unit and two for the hub, on one server.</summary>
public sealed class FaultsOnPostgresTests(ITestOutputHelper output) : FaultCampaignTests(output)
{
    [Fact]
    public Task Every_acknowledged_document_is_handed_over_once_with_proof_through_all_faults() => RunAsync("postgres", postgres: true);
}

/// <summary>
/// Nothing is lost, doubled or invented whatever breaks: unit – hub – recipient under load, while processes and the database are killed,
/// disks fill up, lines break in seven ways, clocks jump and authorities are away.
/// </summary>
/// <remarks>A red run is seen again with VBDT_FAULT_SEED (and VBDT_FAULT_FROM, the number of the fault to begin with); VBDT_FAULTS sets how
/// many, VBDT_FAULT_LOG names a file that can be watched.</remarks>
public abstract class FaultCampaignTests(ITestOutputHelper output)
{
    /// <summary>A network is replaced after so many, so that a long campaign does not end in a large one.</summary>
    private const int PerNetwork = 100;
    private static readonly bool Long = Environment.GetEnvironmentVariable("VBDT_LONG") == "1";
    // The short run is the same every time: a red ./test must say something about the change, not about the dice.
    private static readonly int Seed = Number("VBDT_FAULT_SEED") ?? (Long ? Environment.TickCount & 0xFFFFFF : 13_820_523);
    private static readonly string? LogFile = Environment.GetEnvironmentVariable("VBDT_FAULT_LOG");
    private static readonly Lock Writing = new();

    private protected async Task RunAsync(string engine, bool postgres)
    {
        var faults = Number("VBDT_FAULTS") ?? (Long ? 500 : 31);
        for (int from = Number("VBDT_FAULT_FROM") ?? 0, last = from + faults; from < last; from += PerNetwork)
            await RunAsync(engine, postgres, from, Math.Min(PerNetwork, last - from));
    }

    private async Task RunAsync(string engine, bool postgres, int from, int count)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var network = await FaultyNetwork.StartAsync(postgres, ct);
        if (network.NoDisks is { } why) Tell(engine, $"no disk is filled up here: {why}");
        var campaign = new FaultCampaign(network, Seed, what => Tell(engine, what));
        Tell(engine, $"seed {Seed}, faults {from} to {from + count - 1}, {network.Folder}");
        network.KeepFolder = true;
        var findings = await campaign.RunAsync(from, count, TimeSpan.FromMinutes(5), ct);
        Tell(engine, $"ended by itself: {string.Join(", ", network.Gateways.Select(g => $"{g.Name} {g.EndedByItself} times"))}");
        Assert.True(findings.Count == 0, $"{string.Join('\n', findings.Take(40))}\nLogs: {network.Folder}/nodes/*.log");
        Assert.Equal(count, campaign.Faults);
        network.KeepFolder = false;
    }

    private void Tell(string engine, string what)
    {
        output.WriteLine($"{engine}: {what}");
        if (LogFile is null) return;
        lock (Writing) File.AppendAllText(LogFile, $"{engine}: {what}\n");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
