using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Gateway.Access;

/// <summary>What may change while the node runs: the member directory and the trust anchors. Readers take the reference once.</summary>
internal sealed class NodeState(AccessDirectory directory, TrustSnapshot trust)
{
    private volatile AccessDirectory directory = directory;
    private volatile TrustSnapshot trust = trust;
    private volatile Action[] followers = [];

    public AccessDirectory Directory => directory;

    public TrustSnapshot Trust => trust;

    /// <summary>Calls back after every replacement: open calls are judged again, the relay gets the new directory.</summary>
    public void OnChange(Action act) => followers = [.. followers, act];

    public void Replace(AccessDirectory next)
    {
        directory = next;
        Tell();
    }

    public void Replace(TrustSnapshot next)
    {
        trust = next;
        Tell();
    }

    private void Tell()
    {
        foreach (var act in followers)
            act();
    }
}
