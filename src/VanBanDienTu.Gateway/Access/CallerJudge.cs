using System.Collections.Concurrent;
using Grpc.Core;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Paths;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Gateway.Access;

/// <summary>Judges a presented certificate: path to the trust anchors, purpose, period, revocation, then its entry in the member directory.</summary>
internal sealed class CallerJudge(
    NodeState state, IReadOnlyList<Certificate> knownIntermediates, PathValidator paths, PeerRevocation revocation, TimeProvider time)
{
    // Long enough to spare a busy caller's CPU, short enough that an expiry is seen. The directory is asked on every call.
    private static readonly TimeSpan PathRemembered = TimeSpan.FromSeconds(10);
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, JudgedPath> judged = new(StringComparer.Ordinal);

    public Judgement Judge(PresentedCertificate? presented)
    {
        if (presented is null)
            return Refuse(StatusCode.Unauthenticated, "NO_CERTIFICATE",
                "Lời gọi không kèm chứng thư máy khách: hãy cấu hình chứng thư TLS của đơn vị.",
                "The call shows no client certificate; configure your organ's TLS certificate.");
        if (presented.Leaf is not { } certificate)
            return Refuse(StatusCode.Unauthenticated, "CERTIFICATE_INVALID",
                "Không đọc được chứng thư máy khách.", "The client certificate cannot be read.");
        if (PathOf(certificate, presented.Chain).Failure is { } why)
            return Refuse(StatusCode.Unauthenticated, "CERTIFICATE_INVALID",
                $"Chứng thư máy khách không được tin cậy: {why.Vi}", $"The client certificate is not trusted: {why.En}");
        return revocation.Problem(certificate) is { } revoked ? new Judgement.Refused(revoked) : Member(certificate);
    }

    /// <summary>Asks an authority about a certificate that was not seen before; call it before the first judgement.</summary>
    public ValueTask LearnAsync(PresentedCertificate? presented, CancellationToken ct) => presented?.Leaf is { } leaf && state.Directory.Find(leaf.Sha256) is not null
        ? revocation.LearnAsync(PathOf(leaf, presented.Chain), ct)
        : default; // nobody is asked about strangers

    private Judgement Member(Certificate certificate)
    {
        var now = time.GetUtcNow();
        if (state.Directory.Find(certificate.Sha256) is not { } member)
            return Refuse(StatusCode.PermissionDenied, "NOT_A_MEMBER",
                $"Chứng thư {certificate.Sha256[..16]}… không có trong danh bạ thành viên của nút này; hãy gửi nó cho người vận hành nút.",
                $"Certificate {certificate.Sha256[..16]}… is not in this node's member directory; send it to the node's operator.");
        if (member.Locked)
            return Refuse(StatusCode.PermissionDenied, "ORGAN_LOCKED",
                $"Thành viên {member.Organ} đang bị khoá; hãy liên hệ người vận hành nút.",
                $"Member {member.Organ} is locked; speak to the node's operator.");
        if (now < member.ValidFrom || now > member.ValidTo)
            return Refuse(StatusCode.PermissionDenied, "MEMBERSHIP_OUT_OF_DATE",
                $"Quyền của thành viên {member.Organ} chưa hoặc không còn hiệu lực.",
                $"The membership of {member.Organ} is not yet or no longer in force.");
        return new Judgement.Known(new Caller(member.Organ, member.Name, member.Roles, certificate));
    }

    private PathResult PathOf(Certificate certificate, IReadOnlyList<Certificate> chain)
    {
        var now = time.GetUtcNow();
        var trust = state.Trust;
        if (judged.TryGetValue(certificate.Sha256, out var earlier) && ReferenceEquals(earlier.Trust, trust)
            && now - earlier.At < PathRemembered && now >= earlier.At)
            return earlier.Path;
        var path = paths.Validate(certificate, [.. chain, .. knownIntermediates], trust, now, PathPurpose.TlsClient);
        if (judged.Count >= MostRemembered)
            judged.Clear();
        judged[certificate.Sha256] = new JudgedPath(path, trust, now);
        return path;
    }

    private static Judgement.Refused Refuse(StatusCode code, string reason, string vi, string en) =>
        new(new RequestException(code, reason, vi, en));

    private sealed record JudgedPath(PathResult Path, TrustSnapshot Trust, DateTimeOffset At);
}
