using VanBanDienTu.Signing.Keys.Pkcs11;

namespace VanBanDienTu.Signing.Keys;

/// <summary>A key opened by its address: a PKCS#12 file's path, or <c>pkcs11:…</c> for one on a token. Closes it when disposed.</summary>
public sealed class OpenedKey : IDisposable
{
    private readonly IDisposable _owner;

    private OpenedKey(ISigningKey key, IDisposable owner) => (Key, _owner) = (key, owner);

    /// <summary>What signs.</summary>
    public ISigningKey Key { get; }

    /// <param name="address">A path, or an address as <see cref="Pkcs11Uri"/> reads it.</param>
    /// <param name="secret">The file's password, or the token's PIN.</param>
    /// <exception cref="SigningException">As <see cref="Pkcs12Key.Load(string, string)"/> and <see cref="Pkcs11Key.Open(string, string)"/> say.</exception>
    public static OpenedKey Open(string address, string secret)
    {
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
