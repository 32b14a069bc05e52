using System.Diagnostics;
using System.IO.Compression;
using Google.Protobuf;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Gateway.Access;
using VanBanDienTu.Gateway.Grpc;
using VanBanDienTu.Relay;
using VanBanDienTu.Relay.Incoming;
using VanBanDienTu.Relay.Members;
using VanBanDienTu.Relay.Payloads;
using VanBanDienTu.Relay.Storage;
using VanBanDienTu.Relay.Telemetry;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Evidence;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Links;

/// <summary>
/// Takes bundles that were carried here: signature and sender judged, message durable, then its signed receipt into the folder that is carried
/// back. A bundle that comes again gets the same receipt.
/// </summary>
internal sealed partial class FolderReceiver(FolderLink link, RelayNode relay, NodeState state, TimeProvider time, ILogger<FolderReceiver> log) : BackgroundService
{
    private const string BadExtension = ".bad";

    // Copying takes as long as it takes: a file is looked into when it has not changed between two rounds.
    private readonly Dictionary<string, (long Size, DateTime Changed)> seen = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(link.Config.Folder!.Poll, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await RoundAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops; what lies in the folder stays there.
        }
    }

    private async Task RoundAsync(CancellationToken ct)
    {
        try
        {
            if (!Directory.Exists(link.In))
                return; // the medium is away
            foreach (var file in new DirectoryInfo(link.In).GetFiles())
            {
                if (file.Name.StartsWith('.'))
                    continue;
                if (file.Name.EndsWith(FolderLink.ReceiptExtension, StringComparison.Ordinal))
                    await ReceiptAsync(file, ct);
                else if (file.Extension == Bundle.Extension && IsStill(file))
                    await BundleAsync(file, ct);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is IOException or UnauthorizedAccessException or RelayException)
        {
            LogLater(link.Name, e.Message);
        }
    }

    private bool IsStill(FileInfo file)
    {
        var now = (file.Length, file.LastWriteTimeUtc);
        var still = seen.TryGetValue(file.Name, out var before) && before == now;
        seen[file.Name] = now;
        return still;
    }

    /// <summary>Wakes the message that waits for it; one that nothing waits for any more has done its work.</summary>
    private async Task ReceiptAsync(FileInfo file, CancellationToken ct)
    {
        if (!Guid.TryParseExact(file.Name[..^FolderLink.ReceiptExtension.Length], "D", out var id) || !await relay.Outgoing.SendNowAsync(id, ct))
            file.Delete();
    }

    private async Task BundleAsync(FileInfo file, CancellationToken ct)
    {
        try
        {
            var (id, answer) = await AcceptAsync(file, ct);
            await CarriedFile.PutAsync(
                Path.Combine(link.Out, FolderLink.ReceiptName(id)),
                to => to.WriteAsync(System.Text.Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(answer)), ct).AsTask(), ct);
            seen.Remove(file.Name);
            file.Delete();
        }
        catch (Exception e) when (e is InvalidDataException or RequestException or RelayException { Fault: RelayFault.InvalidField or RelayFault.DigestMismatch })
        {
            LogBad(link.Name, file.Name, e.Message);
            await relay.Far.FailAsync(
                link.Name, file.Name,
                new("BUNDLE_INVALID", $"Gói «{file.Name}» không nhận được: {e.Message}", $"The bundle «{file.Name}» cannot be taken: {e.Message}"), ct);
            file.MoveTo(file.FullName + BadExtension, overwrite: true);
        }
    }

    private async Task<(Guid Id, Proto.DeliverResponse Answer)> AcceptAsync(FileInfo file, CancellationToken ct)
    {
        await using var bytes = file.OpenRead();
        using var zip = new ZipArchive(bytes, ZipArchiveMode.Read);
        var (manifest, signature, wire) = Bundle.ReadHeader(zip);
        var header = wire.ToRelay();
        var peer = Judge(manifest, signature, header.From.Organ);
        using var step = RelayTrace.Start("accept", header, ActivityKind.Consumer);
        var start = await relay.Accept.BeginAsync(header, wire.ImmutableDigest, peer, ct);
        var answer = start.Answer;
        if (answer is null)
        {
            var payloads = new List<PayloadRef>();
            for (var i = 0; i < header.Attachments.Count; i++)
            {
                await using var attachment = Bundle.Open(zip, i, header.Attachments[i].Payload.Size);
                payloads.Add(await relay.Payloads.SaveAsync(attachment, ct));
            }

            answer = await start.Intake!.CompleteAsync(payloads, ct);
        }

        return (header.Id, answer switch
        {
            AcceptAnswer.Accepted accepted => new Proto.DeliverResponse { Accepted = true, Receipt = accepted.Receipt.ToProto() },
            AcceptAnswer.Refused refused => new Proto.DeliverResponse
            {
                Receipt = refused.Receipt.ToProto(), ReasonCode = refused.Reason.Code, Reason = refused.Reason.ToText(),
            },
            _ => throw new InvalidDataException("Another message was taken under this id before."),
        });
    }

    /// <summary>The same rules as between nodes on a line: a node of the other side signed it, and the sender is behind that node.</summary>
    private PeerNode Judge(byte[] manifest, byte[] signature, string from)
    {
        var verdict = EvidenceVerifier.Verify(manifest, signature, state.Trust, time.GetUtcNow());
        if (!verdict.Valid)
            throw new InvalidDataException($"Its signature does not hold: {verdict.Text!.En}");
        var signer = verdict.Signer!;
        if (signer.OrganId != link.Config.Organ || signer.SubjectKind == SubjectKind.Person)
            throw new InvalidDataException($"It is signed by {signer.Subject}, not by a node of {link.Config.Organ}.");
        var route = relay.Directory.Route(from, time.GetUtcNow());
        if (route is not RouteAnswer.Via via || via.Link != link.Name)
            throw new InvalidDataException($"It says that {from} sends it, which is not behind this link.");
        return new PeerNode(signer.CommonName ?? link.Name, signer.OrganId!, signer.Sha256);
    }

    [LoggerMessage(EventId = 46, EventName = "CarriedLater", Level = LogLevel.Warning, Message = "Link {Link}: the folder cannot be worked through now: {Why}")]
    private partial void LogLater(string link, string why);

    [LoggerMessage(EventId = 47, EventName = "BundleBad", Level = LogLevel.Error, Message = "Link {Link}: the bundle {File} cannot be taken: {Why}")]
    private partial void LogBad(string link, string file, string why);
}
