using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>The node's own certificates by what they are for: "tls", "evidence", and "signing ORGAN".</summary>
internal sealed record OwnCertificates(IReadOnlyList<(string Use, Certificate Certificate)> All)
{
    public static OwnCertificates Of(TlsIdentity tls, NodeKeys keys) => new(
    [
        ("tls", tls.Certificate),
        ("evidence", keys.Evidence.Certificate),
        .. keys.Organs.Select(organ => ($"signing {organ.Key}", organ.Value.Certificate)),
    ]);
}
