using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Gateway.Access;

/// <summary>What may change while the node runs: the member directory and the trust anchors. Readers take the reference once.</summary>
internal sealed class NodeState(AccessDirectory directory, TrustSnapshot trust)
{
    private volatile AccessDirectory directory = directory;
    private volatile TrustSnapshot trust = trust;

    public AccessDirectory Directory => directory;

    public TrustSnapshot Trust => trust;

    /// <summary>Raised after a replacement, so that open calls are judged again.</summary>
    public event Action? Changed;

    public void Replace(AccessDirectory next)
    {
        directory = next;
        Changed?.Invoke();
    }

    public void Replace(TrustSnapshot next)
    {
        trust = next;
        Changed?.Invoke();
    }
}
