using VanBanDienTu.Relay.Storage;

namespace VanBanDienTu.Relay.Nodes;

/// <summary>The right to do a job that one node does at a time (retention, directory synchronisation), fenced by an epoch.</summary>
/// <param name="Epoch">Counts takings: who holds an older one has lost the job, even if nobody told him.</param>
internal sealed record JobLease(string Name, long Epoch, TimeSpan Length)
{
    /// <summary>Takes a job for a time; null while another node has it.</summary>
    public static async Task<JobLease?> TakeAsync(Database database, string name, TimeSpan length) => await database.WriteAsync(async tx =>
    {
        var clock = await tx.ClockAsync();
        var epoch = await tx.NumberAsync(
            """
            INSERT INTO job (name, holder, epoch, held_until) VALUES (@name, @holder, 1, @until)
            ON CONFLICT (name) DO UPDATE SET holder = @holder, epoch = job.epoch + 1, held_until = @until
              WHERE job.held_until <= @clock OR job.held_until > @never
            RETURNING epoch
            """, default, ("name", name), ("holder", tx.Node), ("until", clock + length), ("clock", clock),
            ("never", clock + (length * 2))); // farther than any lease reaches: the clock was set back
        return epoch == 0 ? null : new JobLease(name, epoch, length);
    });

    /// <summary>Call in every transaction of the work: renews the lease, and when it was lost nothing of the transaction happens.</summary>
    /// <exception cref="OperationCanceledException">Another node has taken the job.</exception>
    public async Task DemandAsync(DatabaseTransaction tx)
    {
        var until = await tx.ClockAsync() + Length;
        if (await tx.ExecuteAsync("UPDATE job SET held_until = @until WHERE name = @name AND epoch = @epoch", default, ("until", until), ("name", Name), ("epoch", Epoch)) == 0)
            throw new OperationCanceledException($"The job {Name} was taken over by another node.");
    }

    /// <summary>A node that is gone has no job any more; should it live after all, whoever takes the job now fences it off.</summary>
    public static Task ReleaseAsync(DatabaseTransaction tx, string holder) =>
        tx.ExecuteAsync("UPDATE job SET held_until = 0 WHERE holder = @holder", default, ("holder", holder));

    /// <summary>Gives the job back, to be taken again at once.</summary>
    public Task EndAsync(Database database) => database.WriteAsync(tx => tx.ExecuteAsync(
        "UPDATE job SET held_until = 0 WHERE name = @name AND epoch = @epoch", default, ("name", Name), ("epoch", Epoch)));
}
