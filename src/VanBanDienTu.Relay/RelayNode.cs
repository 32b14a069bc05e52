using Microsoft.Extensions.Logging;
using VanBanDienTu.Relay.AtRest;
using VanBanDienTu.Relay.Backup;
using VanBanDienTu.Relay.Deadlines;
using VanBanDienTu.Relay.Evidence;
using VanBanDienTu.Relay.Figures;
using VanBanDienTu.Relay.Hub;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Links;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Nodes;
using VanBanDienTu.Relay.Outgoing;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Receipts;
using VanBanDienTu.Relay.Restored;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Relay.Verification;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Relay;

/// <summary>One node: everything that is built once, and the workers that never stop.</summary>
public sealed class RelayNode : IAsyncDisposable
{
    private readonly Ground ground;
    private readonly FileStream folderLock;
    private readonly PrepareDocument prepare;
    private readonly VerifyIncoming verify;
    private readonly OutboxRelay outbox;
    private readonly Sweep sweep;
    private readonly NodeLease lease;

    private RelayNode(Ground ground, FileStream folderLock)
    {
        (this.ground, this.folderLock) = (ground, folderLock);
        ground.Gate = new RestoreGate(organ => ground.LinkTo(organ).Link);
        var receipts = new ReceiptCheck(ground);
        var giveUp = new GiveUp(ground);
        Submit = new SubmitDocument(ground);
        Outgoing = new OutgoingDocuments(ground);
        Recall = new RecallDocument(ground);
        var intake = new IntakeCommit(ground, new ForwardMessage(ground), new KeepDocument(ground), new ApplyReceipt(ground, receipts));
        Accept = new AcceptMessage(ground, intake);
        Exchanged = new ExchangedMessages(ground);
        Reconciliation = new Reconciliation(ground, new Recovery(ground, intake, receipts));
        Incoming = new IncomingDocuments(ground);
        Handover = new ConfirmHandover(ground);
        Answer = new AnswerDocument(ground);
        Mailbox = new PacketMailbox(ground, Handover, giveUp);
        SubmitPacket = new SubmitPacket(ground);
        SubmitStatus = new SubmitStatusPacket(ground, Handover, Answer, Recall);
        Sent = new SentPackets(ground);
        Far = new FarPackets(ground);
        Units = new UnitDirectory(ground);
        Health = new NodeHealth(ground);
        Deadlines = new DeadlineWatch(ground);
        Figures = new UnitFigures(ground);
        Verdicts = new VerdictArchive(ground);
        Stories = new DocumentStory(ground);
        prepare = new PrepareDocument(ground, Verdicts);
        verify = new VerifyIncoming(ground, Verdicts);
        outbox = new OutboxRelay(
            ground, ground.Parts.Links.Values.Append(new LocalLink(ground, Accept)), new SendOutcome(ground, receipts, giveUp));
        sweep = new Sweep(ground, giveUp);
        lease = new NodeLease(ground);
    }

    public SubmitDocument Submit { get; }

    public PayloadStore Payloads => ground.Payloads;

    public OutgoingDocuments Outgoing { get; }

    public RecallDocument Recall { get; }

    public AcceptMessage Accept { get; }

    public IncomingDocuments Incoming { get; }

    public ConfirmHandover Handover { get; }

    public AnswerDocument Answer { get; }

    /// <summary>For units whose systems take whole packets.</summary>
    public PacketMailbox Mailbox { get; }

    /// <summary>For units whose systems make whole packets.</summary>
    public SubmitPacket SubmitPacket { get; }

    public SubmitStatusPacket SubmitStatus { get; }

    public SentPackets Sent { get; }

    public VerdictArchive Verdicts { get; }

    /// <summary>The axis's directory of units.</summary>
    public UnitDirectory Units { get; }

    /// <summary>For links that fetch.</summary>
    public FarPackets Far { get; }

    /// <summary>For neighbours that were restored from a backup.</summary>
    public ExchangedMessages Exchanged { get; }

    /// <summary>When this node was restored from a backup.</summary>
    public Reconciliation Reconciliation { get; }

    public EvidenceLog Evidence => ground.Evidence;

    public DocumentStory Stories { get; }

    public NodeHealth Health { get; }

    /// <summary>What units must do in time.</summary>
    public DeadlineWatch Deadlines { get; }

    /// <summary>What units report of a quarter or a year.</summary>
    public UnitFigures Figures { get; }

    public WorkingCalendar Calendar => ground.Options.Calendar;

    public MemberDirectory Directory => ground.Directory;

    internal Ground Ground => ground;

    internal OutboxRelay Outbox => outbox;

    /// <summary>
    /// Opens the data folder: migrations, the reserve, and the work that a process before this one had claimed is due at once
    /// (it is gone: the folder is locked by one process only).
    /// </summary>
    /// <exception cref="RelayException"><see cref="RelayFault.StorageUnavailable"/>, <see cref="RelayFault.StorageKeyMissing"/>,
    /// <see cref="RelayFault.DatabaseOlder"/>.</exception>
    public static async Task<RelayNode> OpenAsync(RelayOptions options, RelayParts parts, CancellationToken ct)
    {
        DurableFolder.Create(options.DataFolder);
        var held = Lock(options.DataFolder);
        IssuedMark? issued = null;
        try
        {
            Scratch.Clear(options.Scratch);
            var reserve = new DiskReserve(options.DataFolder, options.ReserveBytes, options.MinFreeBytes);
            var dialect = options.Postgres is { } shared
                ? shared.Dialect(options.Node, parts.Time)
                : SqliteFile.Dialect(Path.Combine(options.DataFolder, StoredData.FileName), options.Node, parts.Time, options.MaxDatabasePages);
            issued = IssuedMark.Open(options.DataFolder, options.Node, parts.Time, parts.Logs.CreateLogger<IssuedMark>());
            dialect = dialect with { Keys = options.Keys, Issued = issued };
            var database = await Database.OpenAsync(dialect, reserve, parts.Logs.CreateLogger<Database>(), ct);
            try
            {
                await KeysInUse.DemandAsync(database, options.Keys, options.DataFolder, ct);
                if (RestoreMark.Read(options.DataFolder) is null)
                    await database.ReadAsync(tx => issued.DemandAsync(tx, ct), ct);
            }
            catch
            {
                await database.DisposeAsync();
                throw;
            }

            IPayloadStore large = options.Postgres is { } nodes ? new ChunkPayloads(nodes) : new FilePayloads(options.DataFolder, database, parts.Time);
            var segments = options.Postgres is null ? new Segments(options.DataFolder, database, parts.Time) : null;
            var payloads = new PayloadStore(large, segments, database, reserve);
            var evidence = new EvidenceLog(database, parts.Evidence, options, parts.Time);
            var node = new RelayNode(new Ground(options, parts, database, payloads, evidence, issued, reserve), held);
            await node.RecoverAsync(ct);
            return node;
        }
        catch
        {
            issued?.Abandon();
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>All workers, until cancelled; what is on its way then is left to its lease.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var log = ground.Log<RelayNode>();
        var workers = ground.Options.Preparers;
        var idle = new Signal();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAll(
        [
            outbox.RunAsync(stop.Token),
            .. ground.Options.Postgres is { } shared ? (Task[])[LeaseAsync(), new PeerBell(ground, shared).RunAsync(stop.Token)] : [],
            .. Enumerable.Range(0, workers).Select(_ => Start(prepare.RunOnceAsync, ground.Prepare)),
            .. Enumerable.Range(0, workers).Select(_ => Start(verify.RunOnceAsync, ground.Verify)),
            Start(Verdicts.StampOnceAsync, idle),
            Start(SweepAsync, idle),
            Start(Reconciliation.RunOnceAsync, idle),
        ]);

        Task Start(Func<CancellationToken, Task<bool>> work, Signal wake) =>
            Task.Run(() => Worker.RunAsync(work, wake, ground, log, stop.Token), CancellationToken.None);

        async Task LeaseAsync()
        {
            try
            {
                await lease.RunAsync(stop.Token);
            }
            finally
            {
                await stop.CancelAsync(); // without its name a node does nothing more
            }
        }
    }

    /// <summary>Does all that is due now, in turn, until nothing is: for tests and for tools that work without a clock.</summary>
    internal async Task RunUntilIdleAsync(CancellationToken ct)
    {
        await Reconciliation.RunOnceAsync(ct);
        bool worked;
        do
        {
            worked = await prepare.RunOnceAsync(ct);
            worked |= await outbox.RunOnceAsync(ct) > 0;
            worked |= await verify.RunOnceAsync(ct);
        }
        while (worked);
        await Verdicts.StampOnceAsync(ct);
        await sweep.RunOnceAsync(ct);
    }

    /// <summary>Replaces the member directory while running.</summary>
    public void Use(MemberDirectory directory) => ground.Use(directory);

    /// <summary>Replaces the anchors, and with them those who judge and sign by them.</summary>
    public void Use(TrustSnapshot trust, PdfSigner signer, PdfVerifier verifier) =>
        (ground.Trust, ground.Signer, ground.Verifier) = (trust, signer, verifier);

    public async ValueTask DisposeAsync()
    {
        await ground.Database.DisposeAsync();
        await ground.Payloads.DisposeAsync();
        ground.Issued.Dispose();
        await folderLock.DisposeAsync();
    }

    /// <summary>What a killed process leaves: nothing tidied, waiting work dropped, the folder free.</summary>
    internal async Task AbandonAsync()
    {
        await ground.Database.AbandonAsync();
        await ground.Payloads.DisposeAsync();
        ground.Issued.Abandon();
        await folderLock.DisposeAsync();
    }

    private async Task<bool> SweepAsync(CancellationToken ct)
    {
        await sweep.RunOnceAsync(ct);
        await Units.RefreshAsync(ct); // another node of this database may have changed it
        return false;
    }

    private async Task RecoverAsync(CancellationToken ct)
    {
        await ground.Database.WriteAsync(
            async tx =>
            {
                await lease.TakeAsync(tx);
                return await RerouteAsync(tx);
            }, ct);
        await new RestoreOpening(ground).RunAsync(ct);
        await ground.Gate.LoadAsync(ground.Database, ct);
        await outbox.LoadAsync(ct);
        await Units.RefreshAsync(ct);
    }

    /// <summary>Messages for a link that the configuration no longer has go where the directory says now.</summary>
    private async Task<int> RerouteAsync(DatabaseTransaction tx)
    {
        var used = await tx.QueryAsync("SELECT DISTINCT destination FROM outbox", row => row.Text(0), default);
        var moved = 0;
        foreach (var gone in used.Where(name => name != Ground.LocalLink && !ground.Parts.Links.ContainsKey(name)))
        {
            var stranded = await tx.QueryAsync(
                "SELECT o.message_id, m.to_organ FROM outbox o JOIN message m ON m.id = o.message_id WHERE o.destination = @gone",
                row => (Id: row.Text(0), To: row.Text(1)), default, ("gone", gone));
            foreach (var (id, to) in stranded)
            {
                if (ground.LinkTo(to).Link is { } link)
                    moved += await tx.ExecuteAsync("UPDATE outbox SET destination = @link WHERE message_id = @id", default, ("link", link), ("id", id));
            }
        }

        return moved;
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "node.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException inUse)
        {
            throw new RelayException(
                RelayFault.StorageUnavailable,
                $"Thư mục dữ liệu «{folder}» đang được một tiến trình khác dùng, hoặc không ghi được: {inUse.Message}",
                $"The data folder «{folder}» is in use by another process, or cannot be written: {inUse.Message}", inUse);
        }
    }
}
