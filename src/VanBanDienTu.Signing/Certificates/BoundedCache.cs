using System.Collections.Concurrent;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>
/// A cache of at most about twice <c>capacity</c> values in two generations: when the young one is full it becomes the old
/// one, and what was old and unused is forgotten. Reads take no lock.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _turning = new();
    private volatile ConcurrentDictionary<TKey, TValue> _young = new();
    private volatile ConcurrentDictionary<TKey, TValue> _old = new();

    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make)
    {
        if (TryGet(key, out var found))
            return found;
        var made = make(key);
        return Keep(key, made);
    }

    public bool TryGet(TKey key, out TValue value)
    {
        if (_young.TryGetValue(key, out value!))
            return true;
        if (!_old.TryGetValue(key, out value!))
            return false;
        Keep(key, value);
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        Turn();
        _young[key] = value;
    }

    public void Remove(TKey key)
    {
        _young.TryRemove(key, out _);
        _old.TryRemove(key, out _);
    }

    private TValue Keep(TKey key, TValue value)
    {
        Turn();
        return _young.GetOrAdd(key, value);
    }

    private void Turn()
    {
        if (_young.Count < capacity)
            return;
        lock (_turning)
        {
            if (_young.Count < capacity)
                return;
            _old = _young;
            _young = new ConcurrentDictionary<TKey, TValue>();
        }
    }
}
