using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Gateway.Access;

/// <summary>
/// Whether certificates of callers and neighbours are revoked (thu hồi). An authority is asked when a certificate is first seen, and again in the
/// background for as long as it is in use; between, and while the authority is silent, the last answer counts.
/// </summary>
internal sealed partial class PeerRevocation(
    TrustConfig config, Func<PathResult, CancellationToken, Task<IReadOnlyList<RevocationAnswer>>> ask, TimeProvider time, ILogger<PeerRevocation> log)
{
    public const string Reason = "CERTIFICATE_REVOKED";
    private const int MostRemembered = 10_000;

    // An authority that keeps silent holds up the first call of a certificate, and no other.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(3);

    // Who has not called for so long is asked about again when he comes.
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Known> known = new(StringComparer.Ordinal);

    /// <summary>After silence it is asked again sooner.</summary>
    private TimeSpan Again => config.RevocationPause < config.PeerRevocationEvery ? config.RevocationPause : config.PeerRevocationEvery;

    /// <summary>Asks about a certificate that was not seen before, and begins to watch it.</summary>
    /// <param name="path">From the certificate to its anchor; one that leads to none is refused for that, not here.</param>
    public async ValueTask LearnAsync(PathResult path, CancellationToken ct)
    {
        if (Watch(path) is not { Status: null } first)
            return;
        var asking = first.Asking;
        if (config.PeerRevocation == PeerRevocationRule.Required)
            await asking.WaitAsync(ct);
        else
            await Task.WhenAny(asking, Task.Delay(FirstPatience, time, ct));
    }

    /// <summary>Watches a certificate from now on; what is learnt about it counts when it is known.</summary>
    public Known? Watch(PathResult path)
    {
        if (config.PeerRevocation == PeerRevocationRule.Off || !path.IsValid)
            return null;
        if (known.Count >= MostRemembered)
            known.Clear();
        var entry = known.GetOrAdd(path.Chain[0].Sha256, _ => new Known());
        entry.Seen(path, time.GetTimestamp());
        lock (entry)
        {
            if (entry.Status is null && entry.Asking.IsCompleted)
                entry.Asking = AskAsync(entry, path);
        }

        return entry;
    }

    /// <summary>Null when a certificate may be used by what is known of it.</summary>
    public RequestException? Problem(Certificate certificate)
    {
        if (config.PeerRevocation == PeerRevocationRule.Off)
            return null;
        var entry = known.GetValueOrDefault(certificate.Sha256);
        if (entry is { Path: { } path })
            entry.Seen(path, time.GetTimestamp());
        return entry?.Status switch
        {
            RevocationStatus.Revoked => new RequestException(StatusCode.Unauthenticated, Reason,
                $"Chứng thư {certificate.CommonName} đã bị thu hồi: hãy dùng chứng thư còn hiệu lực.",
                $"The certificate of {certificate.CommonName} is revoked; use one that is in force."),
            RevocationStatus.Good => null,
            _ when config.PeerRevocation == PeerRevocationRule.WhenKnown => null,
            _ => new RequestException(StatusCode.Unavailable, "REVOCATION_UNKNOWN",
                $"Chưa biết chứng thư {certificate.CommonName} có bị thu hồi hay không; hãy gọi lại sau. {entry?.Why?.Vi}".TrimEnd(),
                $"It is not known whether the certificate of {certificate.CommonName} is revoked; call again later. {entry?.Why?.En}".TrimEnd()),
        };
    }

    /// <summary>Asks again about every certificate in use, and forgets the others.</summary>
    public async Task RefreshAsync(CancellationToken ct)
    {
        foreach (var (sha256, entry) in known)
        {
            if (time.GetElapsedTime(entry.LastSeen) > Forgotten)
                known.TryRemove(sha256, out _);
            else if (entry.Path is { } path && entry.Asking.IsCompleted && time.GetElapsedTime(entry.AskedAt) >= (entry.Why is null ? config.PeerRevocationEvery : Again))
                await (entry.Asking = AskAsync(entry, path)).WaitAsync(ct);
        }
    }

    private async Task AskAsync(Known entry, PathResult path)
    {
        await Task.Yield(); // the caller holds a lock, or a handshake
        try
        {
            var answers = await ask(path, CancellationToken.None);
            if (answers.FirstOrDefault(a => a.Status == RevocationStatus.Revoked) is { } revoked)
                Settle(RevocationStatus.Revoked, null, revoked.Certificate);
            else if (answers.FirstOrDefault(a => a.Status == RevocationStatus.Unknown) is { } unknown)
                Settle(RevocationStatus.Unknown, unknown.Why, unknown.Certificate);
            else
                Settle(RevocationStatus.Good, null, path.Chain[0]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Settle(RevocationStatus.Unknown, new Signing.LocalText(e.Message, e.Message), path.Chain[0]);
        }

        void Settle(RevocationStatus status, Signing.LocalText? why, Certificate about)
        {
            entry.AskedAt = time.GetTimestamp();
            entry.Why = why;
            if (status == RevocationStatus.Revoked && entry.Status != status)
                LogRevoked(path.Chain[0].Subject.ToString(), about.SerialHex);
            if (status == RevocationStatus.Unknown && entry.Status is null or RevocationStatus.Good)
                LogUnknown(path.Chain[0].Subject.ToString(), why?.En);
            // Silence takes back no answer.
            if (status != RevocationStatus.Unknown || entry.Status is null)
                entry.Status = status;
        }
    }

    [LoggerMessage(EventId = 40, EventName = "PeerRevoked", Level = LogLevel.Warning, Message = "The certificate of {Subject} is revoked (serial {Serial}): its calls are refused")]
    private partial void LogRevoked(string subject, string serial);

    [LoggerMessage(EventId = 41, EventName = "PeerRevocationUnknown", Level = LogLevel.Warning, Message = "Not known whether the certificate of {Subject} is revoked: {Why}")]
    private partial void LogUnknown(string subject, string? why);

    /// <summary>What is known of one certificate.</summary>
    internal sealed class Known
    {
        private volatile object? status;

        /// <summary>Null before the first answer.</summary>
        public RevocationStatus? Status
        {
            get => (RevocationStatus?)status;
            set => status = value;
        }

        public Signing.LocalText? Why { get; set; }

        public Task Asking { get; set; } = Task.CompletedTask;

        public PathResult? Path { get; private set; }

        /// <summary>Both by <see cref="TimeProvider.GetTimestamp"/>.</summary>
        public long AskedAt { get; set; }

        public long LastSeen { get; private set; }

        public void Seen(PathResult path, long now) => (Path, LastSeen) = (path, now);
    }
}
