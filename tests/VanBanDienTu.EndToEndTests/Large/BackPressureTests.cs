using System.Globalization;
using System.Security.Cryptography;
using Grpc.Core;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.EndToEndTests.Nodes;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.EndToEndTests.Large;

/// <summary>What is slow behind a node makes its callers wait, not its memory grow: the node's heap is a fraction of the file.</summary>
public sealed class BackPressureTests(ITestOutputHelper output)
{
    private const long Annex = 160L << 20;
    private const string Heap = "0x5000000"; // 80 MiB
    private const long Growth = 64L << 20;
    private const long OnTheWay = 16L << 20; // windows of HTTP/2 and buffers of the sockets

    [Fact]
    public async Task A_slow_store_and_a_slow_reader_hold_their_callers_back_and_cost_no_memory()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(4));
        var ct = limit.Token;
        using var postgres = PostgresServer.Start();
        await using var nodes = await ThreeNodes.CreateAsync();
        var node = nodes.Network.Government;
        var database = postgres.NewDatabase();
        await File.WriteAllTextAsync(Path.Combine(nodes.Folder, "nodes", "postgres"), database, ct);
        NodeConfigFile.Save(
            NodeConfigFile.Load(node.ConfigFile) with { Storage = new StorageConfig { Postgres = new PostgresConfig { ConnectionFile = "postgres" } } }, node.ConfigFile);
        nodes.Environment["DOTNET_GCHeapHardLimit"] = Heap;
        await nodes.StartAsync(node, ct);
        await using var line = new CountingProxy(node.Address.Port);
        using var sender = NodeConnection.Open(nodes.Network.SystemOf("G22") with { Node = new Uri($"https://127.0.0.1:{line.Port}") }, TimeProvider.System);
        using var reader = NodeConnection.Open(nodes.Network.SystemOf("H99") with { Node = new Uri($"https://127.0.0.1:{line.Port}") }, TimeProvider.System);
        var annex = Path.Combine(nodes.Folder, "phu-luc.bin");
        LargeFiles.Write(annex, Annex);
        var pdf = await nodes.SignedByPersonAsync();

        // The store takes nothing (it can still be read) until it is told to go on.
        var before = Resident(nodes);
        postgres.Query(database, "CREATE TABLE go_on (yes int)");
        var stuck = Task.Run(() => postgres.Query(database, "DO $$ BEGIN LOCK TABLE payload_chunk IN EXCLUSIVE MODE; WHILE NOT EXISTS (SELECT 1 FROM go_on) LOOP PERFORM pg_sleep(0.1); END LOOP; END $$"), ct);
        while (postgres.Query(database, "SELECT COUNT(*) FROM pg_locks WHERE mode = 'ExclusiveLock' AND relation = 'payload_chunk'::regclass AND granted") == "0")
            await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        var header = new SubmitHeader
        {
            RequestId = "slow",
            Document = new DocumentHeader { Number = "9", Notation = "VPCP", TypeName = "Báo cáo", Subject = "Chậm", PromulgationDate = "2026-11-22", Place = "Hà Nội", SignerName = "Người Ký Mẫu", SignerPosition = "Chánh Văn phòng" },
        };
        header.Recipients.Add(new Party { OrganId = "H99" });
        var sending = DocumentUpload.SendAsync(sender, header, [pdf, annex], ct, Transfer.Silent()); // on a busy machine the node may find its database gone meanwhile
        while (line.Crossed < 128 << 10) await Task.Delay(TimeSpan.FromMilliseconds(20), ct);
        await Task.Delay(TimeSpan.FromSeconds(2), ct);
        var (crossed, grown) = (line.Crossed, Resident(nodes) - before);
        postgres.Query(database, "INSERT INTO go_on VALUES (1)");
        await sending;
        await stuck;
        Said("slow store", crossed, grown);
        Assert.InRange(line.Crossed, Annex, long.MaxValue); // it all came when the store went on

        // The reader looks at the first chunk, and then at nothing for two seconds.
        var arrived = await ArrivedAsync(reader, ct);
        (before, crossed) = (Resident(nodes), line.Crossed);
        using var call = reader.Incoming.Fetch(new FetchRequest { IncomingId = arrived.IncomingId, Offsets = { arrived.Attachments[0].Size } }, cancellationToken: ct);
        await call.ResponseStream.MoveNext(ct);
        await Task.Delay(TimeSpan.FromSeconds(2), ct);
        Said("slow reader", line.Crossed - crossed, Resident(nodes) - before);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var part in call.ResponseStream.ReadAllAsync(ct)) hash.AppendData(part.Chunk.Data.Span);
        Assert.Equal(arrived.Attachments[1].Sha256, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    private void Said(string what, long crossed, long grown)
    {
        output.WriteLine($"{what}: {crossed >> 10} KiB crossed, the node grew by {grown >> 20} MiB");
        Assert.InRange(crossed, 1, OnTheWay);
        Assert.InRange(grown, long.MinValue, Growth);
    }

    private static async Task<IncomingDocument> ArrivedAsync(NodeConnection reader, CancellationToken ct)
    {
        using var watch = reader.Incoming.Watch(new WatchIncomingRequest(), cancellationToken: ct);
        await foreach (var document in watch.ResponseStream.ReadAllAsync(ct))
        {
            if (document.Acceptance != "Verifying") return document;
        }
        throw new InvalidOperationException("The watch ended.");
    }

    private static long Resident(ThreeNodes nodes)
    {
        var line = File.ReadLines($"/proc/{nodes.ProcessIdOf(nodes.Network.Government)}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
