using System.Security.Cryptography;
using System.Text.Json;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.EndToEndTests.Commands;
using VanBanDienTu.EndToEndTests.Nodes;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Restore;

/// <summary>
/// A node that lost its disk comes back from an older backup, by the commands that its operator types: unit, hub and province as processes,
/// everything sealed at rest, the keys kept apart from the backup.
/// </summary>
public sealed class RestoreTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task A_unit_and_a_hub_that_lost_their_disks_come_back_from_older_backups_and_nothing_is_lost_or_doubled()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var ct = limit.Token;
        await using var nodes = await ThreeNodes.CreateAsync();
        var (unit, hub, province) = (nodes.Network.Unit, nodes.Network.Ministry, nodes.Network.Government);
        foreach (var node in nodes.Network.Nodes)
            Seal(nodes, node);
        await nodes.StartAllAsync(ct);
        var letters = new Correspondence(nodes);

        await letters.SendAsync(SampleNetwork.UnitOrgan, ct);
        await letters.SettleAsync(ct);
        var backups = Task.WhenAll(BackUpAsync(nodes, unit), BackUpAsync(nodes, hub));
        while (!backups.IsCompleted)
        {
            await letters.SendAsync(SampleNetwork.UnitOrgan, ct); // the nodes go on working meanwhile
            await Task.Delay(250, ct);
        }

        var (ofUnit, ofHub) = ((await backups)[0], (await backups)[1]);
        await letters.SettleAsync(ct);
        var (up, down) = (await letters.SendAsync(SampleNetwork.UnitOrgan, ct), await letters.SendAsync(SampleNetwork.ProvinceOrgan, ct));
        await letters.SendAsync(SampleNetwork.UnitOrgan, ct);
        await letters.SettleAsync(ct);
        var receiptOfUnit = await letters.OfferAgainAsync(hub, unit, down, ct);
        var receiptOfHub = await letters.OfferAgainAsync(unit, hub, up, ct);

        // The unit loses everything, and what it had only acknowledged and not passed on: its system repeats that.
        nodes.Freeze(hub);
        var notPassedOn = await letters.SendAsync(SampleNetwork.UnitOrgan, ct);
        await nodes.KillAsync(unit);
        await DamagedAsync(nodes, unit, ofUnit);
        await RestoreAsync(nodes, unit, ofUnit);
        await nodes.StartAsync(unit, ct);
        Assert.Equal(["Pending"], await Operator.StatesAsync(nodes, unit, unit.Address));
        Assert.Equal(Correspondence.Reconciling, await letters.OfferAgainAsync(hub, unit, down, ct));
        Assert.Equal(Correspondence.Reconciling, await letters.RepeatAsync(up, ct));
        nodes.Thaw(hub);
        await Operator.DoneAsync(nodes, unit, unit.Address, ct);
        Assert.Equal(receiptOfUnit, await letters.OfferAgainAsync(hub, unit, down, ct));
        await letters.RepeatedAsync(notPassedOn, ct);
        await OnceAsync(letters, ct);

        // The hub loses everything.
        await nodes.KillAsync(hub);
        nodes.Freeze(unit);
        nodes.Freeze(province);
        await RestoreAsync(nodes, hub, ofHub);
        await nodes.StartAsync(hub, ct);
        Assert.Equal(["Pending", "Pending"], await Operator.StatesAsync(nodes, hub, hub.Address));
        Assert.Equal(Correspondence.Reconciling, await letters.OfferAgainAsync(unit, hub, up, ct));
        nodes.Thaw(unit);
        nodes.Thaw(province);
        await Operator.DoneAsync(nodes, hub, hub.Address, ct);
        Assert.Equal(receiptOfHub, await letters.OfferAgainAsync(unit, hub, up, ct));
        await letters.SendAsync(SampleNetwork.UnitOrgan, ct);
        await OnceAsync(letters, ct);
    }

    [Fact]
    public async Task What_the_neighbour_lost_too_is_listed_and_everything_else_goes_on()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var ct = limit.Token;
        await using var nodes = await ThreeNodes.CreateAsync();
        var (unit, hub) = (nodes.Network.Unit, nodes.Network.Ministry);
        foreach (var node in nodes.Network.Nodes)
            Seal(nodes, node);
        await nodes.StartAllAsync(ct);
        var letters = new Correspondence(nodes);
        var made = await Vbdt.RunAsync("backup", "--config", unit.ConfigFile, "-o", Path.Combine(nodes.Folder, "before"));
        Assert.True(made.ExitCode == 0, made.ToString());

        var (down, up) = (await letters.SendAsync(SampleNetwork.ProvinceOrgan, ct), await letters.SendAsync(SampleNetwork.UnitOrgan, ct, withAnnexes: true));
        await letters.SendAsync(SampleNetwork.ProvinceOrgan, ct); // small: in the hub's database
        await letters.SettleAsync(ct);
        await nodes.KillAsync(unit);
        foreach (var payload in Directory.GetFiles(Path.Combine(DataOf(hub), "payloads"), "*", SearchOption.AllDirectories))
            File.Delete(payload); // the hub's disk lost the annexes of both large letters
        await RestoreAsync(nodes, unit, Path.Combine(nodes.Folder, "before"));
        await nodes.StartAsync(unit, ct);

        var listed = await Operator.DifferencesAsync(nodes, unit, unit.Address, ct);
        Assert.Equal(
            new[] { (down.From, down.To, "NOT_HELD"), (up.From, up.To, "NOT_HELD") }.Order(),
            listed.Select(d => (Word(d, "fromOrgan"), Word(d, "toOrgan"), Word(d, "reasonCode"))).Order());
        Assert.Equal(2, listed.Select(d => Word(d, "messageId")).Distinct().Count());
        var status = (await nodes.AuditorOf(unit).Operations.GetStatusAsync(new GetStatusRequest(), cancellationToken: ct)).Problems;
        Assert.Contains(status, p => p.Vi.StartsWith("2 văn bản", StringComparison.Ordinal) && p.Vi.Contains("vbdt reconcile", StringComparison.Ordinal));
        await letters.SendAsync(SampleNetwork.ProvinceOrgan, ct);
        await letters.SendAsync(SampleNetwork.UnitOrgan, ct);
        await letters.SettleAsync(ct, but: up);
        Assert.Equal(
            letters.Sent.Where(l => l != down).Select(l => l.Edxml).Order(StringComparer.Ordinal), (await letters.ArrivedAsync(ct)).Order(StringComparer.Ordinal));

        static string Word(JsonElement difference, string name) => difference.GetProperty(name).GetString()!;
    }

    /// <summary>Every system repeats every submission; then every letter lies at its recipient once, was handed over, and its sender knows.</summary>
    private async Task OnceAsync(Correspondence letters, CancellationToken ct)
    {
        foreach (var letter in letters.Sent)
            await letters.RepeatedAsync(letter, ct);
        await letters.SettleAsync(ct);
        Assert.Equal(letters.Sent.Select(l => l.Edxml).Order(StringComparer.Ordinal), (await letters.ArrivedAsync(ct)).Order(StringComparer.Ordinal));
        output.WriteLine($"{letters.Sent.Count} letters, each handed over once");
    }

    private static void Seal(ThreeNodes nodes, SampleNode node)
    {
        var keys = Directory.CreateDirectory(Path.Combine(nodes.Folder, "keys")).FullName;
        var file = Path.Combine(keys, $"{node.Name}.rest");
        SecretFile.Write(file, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        var config = NodeConfigFile.Load(node.ConfigFile);
        NodeConfigFile.Save(
            config with
            {
                Encryption = new EncryptionConfig { KeyFiles = [file] },
                Organs = [.. config.Organs.Select(o => o with { ExemptTypes = ["Phiếu gửi"] })],
            }, node.ConfigFile);
    }

    private static async Task<string> BackUpAsync(ThreeNodes nodes, SampleNode node)
    {
        var folder = Path.Combine(nodes.Folder, $"backup-{node.Name}");
        var made = await Vbdt.RunAsync("backup", "--config", node.ConfigFile, "-o", folder);
        Assert.True(made.ExitCode == 0, made.ToString());
        var whole = await SamplePki.RunAsync("backup", "check", folder, "--config", node.ConfigFile, "--json");
        Assert.True(whole.ExitCode == 0, whole.ToString());
        Assert.Equal(0, whole.Json.GetProperty("unopened").GetInt32());
        return folder;
    }

    /// <summary>One byte of any file is enough: no file is put in place, and one sentence says why; so without the keys.</summary>
    private static async Task DamagedAsync(ThreeNodes nodes, SampleNode node, string backup)
    {
        var data = DataOf(node);
        Directory.Delete(data, recursive: true);
        var files = Directory.GetFiles(backup, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "manifest.json").ToList();
        Assert.Equal(3, files.Count); // the database, a segment, and a payload that has a file of its own
        foreach (var file in files)
        {
            Flip(file);
            var check = await SamplePki.RunAsync("backup", "check", backup, "--config", node.ConfigFile);
            Assert.Equal(1, check.ExitCode);
            Assert.Equal($"HỎNG  {Path.GetRelativePath(backup, file)}: khác với bản kê. / {Path.GetRelativePath(backup, file)}: not as the manifest says.", check.Output.Trim());
            Flip(file);
        }

        Flip(files[0]);
        await RefusedAsync(["restore", backup, "--config", node.ConfigFile], "not as the manifest says");
        Flip(files[0]);
        var otherKey = NodeConfigFile.Load(node.ConfigFile);
        var keyless = Path.Combine(nodes.Folder, "nodes", "keyless.json");
        NodeConfigFile.Save(otherKey with { Encryption = new EncryptionConfig { KeyFiles = [Path.Combine(nodes.Folder, "keys", $"{nodes.Network.Ministry.Name}.rest")] } }, keyless);
        await RefusedAsync(["restore", backup, "--config", keyless], "key");
        Assert.False(Directory.Exists(data));
    }

    private static async Task RestoreAsync(ThreeNodes nodes, SampleNode node, string backup)
    {
        if (Directory.Exists(DataOf(node)))
            Directory.Delete(DataOf(node), recursive: true);
        Assert.Empty(Directory.GetFiles(backup, "*.rest", SearchOption.AllDirectories)); // the keys are elsewhere
        var restored = await Vbdt.RunAsync("restore", backup, "--config", node.ConfigFile);
        Assert.True(restored.ExitCode == 0, restored.ToString());
    }

    private static async Task RefusedAsync(string[] words, string why)
    {
        var answer = await SamplePki.RunAsync(words);
        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains(why, answer.Error, StringComparison.Ordinal);
        Assert.Empty(answer.Output);
    }

    private static void Flip(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = stream.Length / 2;
        var value = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(value ^ 1));
    }

    private static string DataOf(SampleNode node)
    {
        var config = NodeConfigFile.Load(node.ConfigFile);
        return config.PathOf(config.Data);
    }
}
