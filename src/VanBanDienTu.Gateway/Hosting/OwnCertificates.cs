using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>The node's own certificates by what they are for: "tls", "evidence", and "signing ORGAN".</summary>
internal sealed class OwnCertificates(TlsIdentity tls, NodeKeys keys)
{
    /// <summary>Those that are known now: one on a token that is away is missing.</summary>
    public IReadOnlyList<(string Use, Certificate Certificate)> All =>
    [
        ("tls", tls.Certificate),
        ("evidence", keys.Evidence.Certificate),
        .. keys.OrganCertificates.Select(organ => (SigningUse(organ.Organ), organ.Certificate)),
    ];

    /// <summary>What an organ's signing certificate is called in <see cref="All"/>.</summary>
    public static string SigningUse(string organ) => $"signing {organ}";
}
