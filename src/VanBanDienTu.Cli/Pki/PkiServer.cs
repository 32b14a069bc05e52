using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;

namespace VanBanDienTu.Cli.Pki;

/// <summary>Serves a sample authority on the loopback port that its certificates name. Prints nothing.</summary>
public sealed class PkiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SampleAuthority _authority;

    private PkiServer(WebApplication app, SampleAuthority authority)
    {
        _app = app;
        _authority = authority;
    }

    public Uri TsaUri => new(_authority.TsaUrl);

    public Uri OcspUri => new(_authority.OcspUrl);

    /// <summary>The CRL of the authority for officials and organisations.</summary>
    public Uri CrlUri => new(_authority.CrlUrl);

    /// <summary>Listens; when this returns, requests are answered.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.AuthorityUnusable"/>: the port is taken, or the address is
    /// not a loopback one.</exception>
    public static async Task<PkiServer> StartAsync(SampleAuthority authority, CancellationToken cancellation = default)
    {
        var at = new Uri(authority.BaseUrl);
        if (!IPAddress.TryParse(at.Host, out var address) || !IPAddress.IsLoopback(address))
        {
            throw new SigningException(SigningFault.AuthorityUnusable,
                $"A sample authority is served on a loopback address only, not on {at.Host}.",
                $"Hệ thống chứng thư mẫu chỉ phục vụ trên địa chỉ nội máy, không phải {at.Host}.");
        }
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, at.Port);
        });
        var app = builder.Build();
        AuthorityEndpoints.Map(app, authority);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            throw new SigningException(SigningFault.AuthorityUnusable,
                $"The port {at.Port} of the sample authority is in use by another program; stop that program, or make another authority with «vbdt pki init --url http://127.0.0.1:PORT».",
                $"Cổng {at.Port} của hệ thống chứng thư mẫu đang bị chương trình khác dùng; hãy dừng chương trình đó hoặc tạo hệ thống mới ở cổng khác.", e);
        }
        return new PkiServer(app, authority);
    }

    /// <summary>Waits until the process is told to end or the token is cancelled.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation = default) => _app.WaitForShutdownAsync(cancellation);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
