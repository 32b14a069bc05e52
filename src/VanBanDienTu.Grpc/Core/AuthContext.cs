using System.Text;

namespace Grpc.Core;

/// <summary>What the transport proved about the peer.</summary>
public class AuthContext(string? peerIdentityPropertyName, Dictionary<string, List<AuthProperty>> properties)
{
    public bool IsPeerAuthenticated => PeerIdentityPropertyName is not null;

    public string? PeerIdentityPropertyName { get; } = peerIdentityPropertyName;

    public IEnumerable<AuthProperty> PeerIdentity =>
        PeerIdentityPropertyName is null ? [] : FindPropertiesByName(PeerIdentityPropertyName);

    public IEnumerable<AuthProperty> Properties => properties.Values.SelectMany(list => list);

    public IEnumerable<AuthProperty> FindPropertiesByName(string propertyName) =>
        properties.TryGetValue(propertyName, out var found) ? found : [];
}

/// <summary>One fact about the peer, such as the common name of its certificate.</summary>
public class AuthProperty
{
    private readonly byte[] bytes;

    private AuthProperty(string name, byte[] bytes)
    {
        Name = name;
        this.bytes = bytes;
    }

    public string Name { get; }

    public string Value => Encoding.UTF8.GetString(bytes);

    public byte[] ValueBytes => (byte[])bytes.Clone();

    public static AuthProperty Create(string name, byte[] valueBytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(valueBytes);
        return new AuthProperty(name, (byte[])valueBytes.Clone());
    }
}
