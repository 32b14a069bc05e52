using VanBanDienTu.Signing.Revocation;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Verification;

/// <summary>Whom a run trusts, and how it asks their authorities about revocation.</summary>
internal sealed class Authorities : IDisposable
{
    private readonly HttpClient http;

    public Authorities(TrustSnapshot trust, RevocationOptions options)
    {
        Trust = trust;
        http = RevocationHttp.CreateClient(options);
        Revocation = new RevocationChecker(http, TimeProvider.System, options);
    }

    public TrustSnapshot Trust { get; }

    public RevocationChecker Revocation { get; }

    public void Dispose() => http.Dispose();
}
