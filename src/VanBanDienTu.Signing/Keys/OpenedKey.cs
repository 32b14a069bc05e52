using VanBanDienTu.Signing.Keys.Csc;
using VanBanDienTu.Signing.Keys.Pkcs11;

namespace VanBanDienTu.Signing.Keys;

/// <summary>A key opened by its address: a PKCS#12 file's path, <c>pkcs11:…</c> for one on a token, <c>csc:…</c> for one at a signing service. Closes it when disposed.</summary>
public sealed class OpenedKey : IDisposable
{
    private readonly IDisposable _owner;

    private OpenedKey(ISigningKey key, IDisposable owner) => (Key, _owner) = (key, owner);

    /// <summary>What signs.</summary>
    public ISigningKey Key { get; }

    /// <param name="address">A path, or an address as <see cref="Pkcs11Uri"/> or <see cref="CscConfig.FileOf"/> reads it.</param>
    /// <param name="secret">The file's password, or the token's PIN; a signing service has its secrets in files of its own.</param>
    /// <exception cref="SigningException">As <see cref="Pkcs12Key.Load(string, string)"/>, <see cref="CscKey.OpenAsync"/> and <see cref="Pkcs11Key.Open(string, string)"/> say.</exception>
    public static OpenedKey Open(string address, string secret)
    {
        if (CscConfig.Is(address))
        {
            var config = CscConfig.Load(CscConfig.FileOf(address, Environment.CurrentDirectory));
            // Opening is part of starting a program or of one signature: nothing else waits on this thread meanwhile.
            var remote = Task.Run(() => CscKey.OpenAsync(config)).GetAwaiter().GetResult();
            return new OpenedKey(remote, remote);
        }
        if (Pkcs11Uri.Is(address))
        {
            var token = Pkcs11Key.Open(address, secret);
            return new OpenedKey(token, token);
        }
        var file = Pkcs12Key.Load(address, secret);
        return new OpenedKey(file, file);
    }

    /// <inheritdoc/>
    public void Dispose() => _owner.Dispose();
}
