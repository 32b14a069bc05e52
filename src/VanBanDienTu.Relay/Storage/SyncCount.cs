using System.Diagnostics.Metrics;

namespace VanBanDienTu.Relay.Storage;

/// <summary>Counts how often the disk was made to hold something: what a durable node's speed depends on. A checkpoint's are not counted.</summary>
internal static class SyncCount
{
    internal static readonly Meter Meter = new("VanBanDienTu.Relay");
    private static readonly Counter<long> Syncs = Meter.CreateCounter<long>("vbdt.relay.syncs", "{sync}", "fsync of payloads, their folders and the database's log");

    public static void Add() => Syncs.Add(1);
}
